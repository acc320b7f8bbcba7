import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@tidings/access';
import { Catalogue } from '@tidings/catalogue';
import { CheckedRequests, PAGE_HEADERS } from '@tidings/openapi';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerCacheable } from '../schemas/cacheable-answer.js';
import { asyncApiDocument } from './asyncapi-document.js';
import { asyncApiPage } from './asyncapi-page.js';

/** `GET /docs/async` for people and `GET /docs/async.json` for programs: the messages on Kafka, which are not secret. */
@Controller('docs')
@Public()
@CheckedRequests()
@ApiTags('Operation')
@ApiResponse({ status: 304, description: 'The client’s copy is current.' })
export class AsyncApiController {
  /** They change with the process only. */
  private texts: { readonly page: string; readonly json: string } | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('async')
  @ApiOperation({ summary: 'The events on Kafka, for people.' })
  @ApiOkResponse({
    description: 'A page.',
    content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
  })
  @Header('content-security-policy', PAGE_HEADERS['content-security-policy'])
  page(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    return answerCacheable(request, reply, {
      text: this.written().page,
      contentType: PAGE_HEADERS['content-type'],
      changes: 'withTheProcess',
    });
  }

  @Get('async.json')
  @ApiOperation({ summary: 'The events on Kafka, for programs.' })
  @ApiOkResponse({
    description: 'An AsyncAPI 3.0 document of every Kafka topic and its messages.',
    content: {
      'application/vnd.aai.asyncapi+json': {
        schema: { type: 'object', required: ['asyncapi', 'info', 'channels', 'operations'] },
        example: { asyncapi: '3.0.0', info: { title: 'Tidings', version: '0.1.0' }, channels: {}, operations: {} },
      },
    },
  })
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
