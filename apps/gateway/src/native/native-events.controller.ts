import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, HttpCode, Options, Param, Post, Query, Res } from '@nestjs/common';
import { Caller, type Principal, Public, Requires } from '@tidings/access';
import { StreamedBody } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';
import { GatewayMetrics } from '../gateway-metrics.js';
import type { IntakeAnswer } from '../intake/intake-report.js';
import { answerValidation } from '../webhook-validation.js';
import { NativeEventsService } from './native-events.service.js';

/** `POST /v1/ingest/{system}?site=…`: a system's own events, as its own delivery sends them. */
@Controller('v1/ingest')
@Requires('events:publish')
export class NativeEventsController {
  constructor(
    private readonly events: NativeEventsService,
    private readonly metrics: GatewayMetrics,
  ) {}

  @Post(':system')
  @HttpCode(202)
  @StreamedBody()
  async ingest(
    @Param('system') system: string,
    @Query('site') site: string | string[] | undefined,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<IntakeAnswer> {
    return this.metrics.timed('ingest', () => this.events.take({ system, site, headers, body, caller }));
  }

  @Options(':system')
  @Public()
  validate(
    @Param('system') system: string,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.events.systemNamed(system);
    answerValidation(headers, reply);
  }
}
