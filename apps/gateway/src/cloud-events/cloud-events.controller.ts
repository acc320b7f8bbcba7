import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, HttpCode, Options, Post, Req, Res } from '@nestjs/common';
import { Caller, type Principal, Public, Requires } from '@tidings/access';
import { StreamedBody } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayMetrics } from '../gateway-metrics.js';
import type { IntakeAnswer } from '../intake/intake-report.js';
import { answerValidation } from '../webhook-validation.js';
import { CloudEventsService } from './cloud-events.service.js';

/** `POST /v1/events`: CloudEvents, structured, binary or in batches. */
@Controller('v1/events')
@Requires('events:publish')
export class CloudEventsController {
  constructor(
    private readonly events: CloudEventsService,
    private readonly metrics: GatewayMetrics,
  ) {}

  @Post()
  @HttpCode(202)
  @StreamedBody()
  async publish(
    @Req() request: FastifyRequest,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<IntakeAnswer> {
    return this.metrics.timed('events', () => this.events.take(request.raw, body, caller));
  }

  @Options()
  @Public()
  validate(@Headers() headers: IncomingHttpHeaders, @Res({ passthrough: true }) reply: FastifyReply): void {
    answerValidation(headers, reply);
  }
}
