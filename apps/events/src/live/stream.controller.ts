import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { Caller, Requires, type Principal } from '@tidings/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryParameters } from '../paging/query-parameters.js';
import { ClientStream } from './client-stream.js';
import { SSE_FORMAT } from './event-frames.js';
import { LiveEvents } from './live-events.js';
import { openSseSink } from './sse-sink.js';
import { QueuedBytes } from './queued-bytes.js';
import { StreamMetrics } from './stream-metrics.js';
import { followingOf, StreamQuery } from './stream-query.js';

/** Events of all systems as they are stored, as Server-Sent Events. */
@Controller('v1/stream')
@Requires('events:read')
export class StreamController {
  constructor(
    private readonly live: LiveEvents,
    private readonly metrics: StreamMetrics,
    private readonly queued: QueuedBytes,
  ) {}

  @Get()
  async stream(
    @Query(new QueryParameters(StreamQuery)) query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() principal: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const following = followingOf(query, lastEventId);
    if (request.method === 'HEAD') {
      await reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store').send();
      return;
    }
    const stream = new ClientStream(SSE_FORMAT, this.metrics, this.queued);
    const stop = await this.live.follow({ ...following, principal }, stream);
    if (reply.raw.destroyed) {
      stop();
      return;
    }
    reply.hijack();
    this.metrics.opened('sse');
    stream.open(
      openSseSink(reply.raw, () => {
        this.metrics.closed('sse');
        stop();
      }),
    );
  }
}
