import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { Public } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { PAGE_HEADERS } from '@tidings/openapi';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCacheable } from '../schemas/cacheable-answer.js';
import { asyncApiDocument, type AsyncApiDocument } from './asyncapi-document.js';
import { asyncApiPage } from './asyncapi-page.js';

/** `GET /docs/async` for people and `GET /docs/async.json` for programs: what travels on Kafka, which is no secret. */
@Controller('docs')
@Public()
export class AsyncApiController {
  private made: AsyncApiDocument | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('async')
  @Header('content-security-policy', PAGE_HEADERS['content-security-policy'])
  page(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    const page = asyncApiPage(this.document());
    return answerCacheable(request, reply, {
      text: page,
      contentType: PAGE_HEADERS['content-type'],
      changes: 'withTheProcess',
    });
  }

  @Get('async.json')
  json(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    return answerCacheable(request, reply, {
      text: JSON.stringify(this.document()),
      contentType: 'application/vnd.aai.asyncapi+json;version=3.0.0',
      changes: 'withTheProcess',
    });
  }

  private document(): AsyncApiDocument {
    const { kafka, maxEventBytes } = this.environment;
    return (this.made ??= asyncApiDocument(this.catalogue, {
      ...kafka,
      maxEventBytes,
      isSecure: kafka.tls !== undefined,
    }));
  }
}
