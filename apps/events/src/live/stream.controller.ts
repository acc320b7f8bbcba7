import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Requires, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventsRequests } from '../paging/events-requests.js';
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
@EventsRequests()
@ApiTags('Streams')
export class StreamController {
  constructor(
    private readonly live: LiveEvents,
    private readonly metrics: StreamMetrics,
    private readonly queued: QueuedBytes,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Streams events as they are stored, past events first on request.',
    description:
      'As Server-Sent Events, or over a WebSocket if the request asks for one. `Last-Event-ID` or `since` resumes without gaps or duplicates.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'The id of the last event that was received; it takes precedence over `last_event_id`.',
    schema: { type: 'string', example: '81234-1207' },
  })
  @ApiOkResponse({
    description: 'The stream begins; it does not end by itself.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: 'id: 1\ndata: {}\n\n' } },
  })
  @Fails('too_many_requests', 'database_unavailable')
  async stream(
    @Query() query: StreamQuery,
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
