import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, Options, Param, Post, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { SITE_PATTERN } from '@tidings/catalogue';
import { CheckedRequests } from '@tidings/openapi';
import type { FastifyReply } from 'fastify';
import { GatewayMetrics } from '../gateway-metrics.js';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { TakesEvents, ValidatesWebhook } from '../intake/intake-route.js';
import { answerValidation } from '../webhook-validation.js';
import { NATIVE_CONTENT, NativeSystemPath } from './native-events.dto.js';
import { NativeEventsService } from './native-events.service.js';

/** `POST /v1/ingest/{system}?site=…`: a system's own events, as its own delivery sends them. */
@Controller('v1/ingest')
@Requires('events:publish')
@CheckedRequests()
@ApiTags('Publishing')
export class NativeEventsController {
  constructor(
    private readonly events: NativeEventsService,
    private readonly metrics: GatewayMetrics,
  ) {}

  @Post(':system')
  @ApiQuery({
    name: 'site',
    description: 'The installation of the system. Defaults to `main`.',
    required: false,
    schema: { type: 'string', pattern: SITE_PATTERN, example: 'main' },
  })
  @TakesEvents({
    summary: 'Takes a system’s own events, as its own delivery sends them.',
    requestBody: {
      description:
        'One event, an array of them, or one per line, whatever its content type says. Waldur may send a form, too.',
      required: true,
      content: NATIVE_CONTENT,
    },
  })
  async ingest(
    @Param() { system }: NativeSystemPath,
    @Query('site') site: string | string[] | undefined,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<IntakeAnswer> {
    return this.metrics.timed('ingest', () => this.events.take({ system, site, headers, body, caller }));
  }

  @Options(':system')
  @ValidatesWebhook()
  validate(
    @Param() { system }: NativeSystemPath,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.events.systemNamed(system);
    answerValidation(headers, reply);
  }
}
