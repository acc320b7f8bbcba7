import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Upgrade, UpgradeDispatcher } from '@tidings/access';
import { WebSocketServer } from 'ws';
import { LiveEvents } from '../live/live-events.js';
import { LxdAccess } from './lxd-access.js';
import { answerLxdError } from './lxd-error.js';
import { StreamListener } from './stream-listener.js';
import { StreamRequests } from './stream-request.js';

/** What a client sends is thrown away: nothing longer needs to be read. */
const MAX_CLIENT_FRAME = 65_536;

/** The WebSocket at `/1.0/events`. */
@Injectable()
export class StreamUpgrade implements OnModuleInit, BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME,
  });
  private readonly listeners = new Set<StreamListener>();

  constructor(
    private readonly dispatcher: UpgradeDispatcher,
    private readonly live: LiveEvents,
    private readonly access: LxdAccess,
    private readonly requests: StreamRequests,
  ) {}

  onModuleInit(): void {
    this.dispatcher.register({
      path: '/1.0/events',
      // Not for everybody: who may is looked at below, for LXD trusts whoever comes from this machine.
      access: 'public',
      accept: (upgrade) => this.accept(upgrade),
      answer: answerLxdError,
    });
  }

  beforeApplicationShutdown(): void {
    for (const listener of this.listeners) listener.end('shutting-down');
  }

  private async accept({ request, socket, head, principal, query }: Upgrade): Promise<void> {
    const reader = this.access.demandReader(principal, request);
    const asked = await this.requests.of(query);
    let stop = (): void => undefined;
    const close = (): void => {
      stop();
      this.listeners.delete(listener);
    };
    const listener = new StreamListener(asked, close);
    // Before the client is told that it is connected: what is stored from then on must reach it.
    stop = await this.live.follow({ filter: { systems: { anyOf: ['lxd'] } }, principal: reader }, listener);
    let isOpen = false;
    try {
      this.server.handleUpgrade(request, socket, head, (webSocket) => {
        isOpen = true;
        this.listeners.add(listener);
        listener.connect(webSocket);
      });
    } finally {
      // The handshake was refused, or the client has left.
      if (!isOpen) close();
    }
  }
}
