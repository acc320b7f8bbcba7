import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, Options, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { CheckedRequests } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayMetrics } from '../gateway-metrics.js';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { TakesEvents, ValidatesWebhook } from '../intake/intake-route.js';
import { answerValidation } from '../webhook-validation.js';
import { CLOUD_EVENT_CONTENT } from './cloud-event-body.js';
import { CloudEventsService } from './cloud-events.service.js';

/** `POST /v1/events`: CloudEvents, structured, binary or in batches. */
@Controller('v1/events')
@Requires('events:publish')
@CheckedRequests()
@ApiTags('Publishing')
export class CloudEventsController {
  constructor(
    private readonly events: CloudEventsService,
    private readonly metrics: GatewayMetrics,
  ) {}

  @Post()
  @TakesEvents({
    summary: 'Takes CloudEvents: one, a batch, one per line as in an export, or one in binary mode.',
    requestBody: {
      description: 'In binary mode the data alone, with the attributes in `ce-…` headers.',
      required: true,
      content: CLOUD_EVENT_CONTENT,
    },
  })
  async publish(
    @Req() request: FastifyRequest,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<IntakeAnswer> {
    return this.metrics.timed('events', () => this.events.take(request.raw, body, caller));
  }

  @Options()
  @ValidatesWebhook()
  validate(@Headers() headers: IncomingHttpHeaders, @Res({ passthrough: true }) reply: FastifyReply): void {
    answerValidation(headers, reply);
  }
}
