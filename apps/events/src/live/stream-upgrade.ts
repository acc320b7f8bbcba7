import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UpgradeDispatcher, type Upgrade } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { WebSocketServer } from 'ws';
import { readQuery } from '../paging/query-parameters.js';
import { ClientStream } from './client-stream.js';
import { WEBSOCKET_FORMAT } from './event-frames.js';
import { LiveEvents } from './live-events.js';
import { QueuedBytes } from './queued-bytes.js';
import { StreamMetrics } from './stream-metrics.js';
import { followingOf, StreamQuery } from './stream-query.js';
import { openWebSocketSink } from './websocket-sink.js';

/** Clients send nothing on a stream; bytes. */
const MAX_MESSAGE = 1_024;

/** Events of all systems as they are stored, on a WebSocket. */
@Injectable()
export class StreamUpgrade implements OnModuleInit {
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE,
    clientTracking: false,
  });

  constructor(
    private readonly upgrades: UpgradeDispatcher,
    private readonly live: LiveEvents,
    private readonly metrics: StreamMetrics,
    private readonly queued: QueuedBytes,
  ) {}

  onModuleInit(): void {
    this.upgrades.register({ path: '/v1/stream', access: 'events:read', accept: (upgrade) => this.accept(upgrade) });
  }

  private async accept({ request, socket, head, principal, query }: Upgrade): Promise<void> {
    if (principal === undefined) throw new DomainError('not_authenticated');
    const header = request.headers['last-event-id'];
    const following = followingOf(readQuery(query, StreamQuery), [header].flat()[0]);
    const stream = new ClientStream(WEBSOCKET_FORMAT, this.metrics, this.queued);
    // Before the handshake, so that what goes wrong is still an HTTP error.
    const stop = await this.live.follow({ ...following, principal }, stream);
    // A client that left, or whose handshake is refused, is never handed over.
    socket.once('close', stop);
    if (socket.destroyed) stop();
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      this.metrics.opened('websocket');
      stream.open(openWebSocketSink(webSocket, () => this.metrics.closed('websocket')));
    });
  }
}
