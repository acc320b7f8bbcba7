import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { Public } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { PAGE_HEADERS } from '@tidings/openapi';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCacheable } from '../schemas/cacheable-answer.js';
import { asyncApiDocument } from './asyncapi-document.js';
import { asyncApiPage } from './asyncapi-page.js';

/** `GET /docs/async` for people and `GET /docs/async.json` for programs: what travels on Kafka, which is no secret. */
@Controller('docs')
@Public()
export class AsyncApiController {
  /** They change with the process only. */
  private texts: { readonly page: string; readonly json: string } | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('async')
  @Header('content-security-policy', PAGE_HEADERS['content-security-policy'])
  page(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    return answerCacheable(request, reply, {
      text: this.written().page,
      contentType: PAGE_HEADERS['content-type'],
      changes: 'withTheProcess',
    });
  }

  @Get('async.json')
  json(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    return answerCacheable(request, reply, {
      text: this.written().json,
      contentType: 'application/vnd.aai.asyncapi+json;version=3.0.0',
      changes: 'withTheProcess',
    });
  }

  private written(): { readonly page: string; readonly json: string } {
    if (this.texts !== undefined) return this.texts;
    const { kafka, maxEventBytes } = this.environment;
    const settings = { ...kafka, maxEventBytes, isSecure: kafka.tls !== undefined };
    const document = asyncApiDocument(this.catalogue, settings);
    return (this.texts = { page: asyncApiPage(document), json: JSON.stringify(document) });
  }
}
