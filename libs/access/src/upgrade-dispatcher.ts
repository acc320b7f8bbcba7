import type { IncomingMessage, Server } from 'node:http';
import { parse, type ParsedUrlQuery } from 'node:querystring';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { answerError, DomainError, type ErrorAnswer } from '@tidings/runtime';
import { authenticate, authorise } from './access-guard.js';
import { rememberCaller } from './caller.js';
import { connectionOf, serveWithoutUpgrade } from './declined-upgrade.js';
import type { Principal } from './principal.js';
import type { RouteAccess } from './route-access.js';
import { TokenStore } from './token-store.js';
import { refuseUpgrade } from './upgrade-refusal.js';

/** A request for a WebSocket whose sender may have it. Nothing has been answered yet. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request's head already. */
  readonly head: Buffer;
  /** Undefined for an anonymous caller of a public route. */
  readonly principal: Principal | undefined;
  /** Repeated parameters are arrays. */
  readonly query: ParsedUrlQuery;
}

export interface UpgradeRoute {
  /** With a slash at its start and none at its end. */
  readonly path: string;
  readonly access: RouteAccess;
  /** Answers the upgrade; whatever it throws before that is answered as an HTTP error. */
  accept(upgrade: Upgrade): void | Promise<void>;
  /** Says errors in the words of a foreign API; otherwise they are said as everywhere. */
  answer?(error: unknown): ErrorAnswer;
}

/** How long upgraded connections have to end when the application closes; then they are cut, milliseconds. */
const CLOSING_MS = 2_000;

/** The one owner of WebSocket upgrades: whoever serves some registers a route, and access is enforced here. */
@Injectable()
export class UpgradeDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Upgrades');
  private readonly byPath = new Map<string, UpgradeRoute>();
  private readonly open = new Set<Duplex>();
  private isClosing = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly modules: ModuleRef,
  ) {}

  /** Every registered route. */
  get routes(): readonly UpgradeRoute[] {
    return [...this.byPath.values()];
  }

  /** @throws {Error} when the path is taken */
  register(route: UpgradeRoute): void {
    if (this.byPath.has(route.path)) throw new Error(`Two WebSocket routes have the path ${route.path}`);
    this.byPath.set(route.path, route);
  }

  /** Serves upgrades on a further server, beside the application's own. @param server HTTP or HTTPS */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Java's client, for one, offers h2c with any request; who does not take the offer just answers the request.
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') serveWithoutUpgrade(server, request, socket, head);
      else void this.dispatch(request, socket, head);
    });
  }

  onApplicationBootstrap(): void {
    this.attach(this.adapter.httpAdapter.getHttpServer() as Server);
  }

  /** Handlers say good-bye in their own shutdown; nobody may hold up the server's closing for longer than this. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    setTimeout(() => {
      for (const socket of this.open) socket.destroy();
    }, CLOSING_MS).unref();
  }

  private async dispatch(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Nobody else listens until the handler takes over, and an unheard error would end the process.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    const [path = '', query = ''] = splitUrl(request.url ?? '');
    const route = this.byPath.get(path);
    try {
      if (this.isClosing) throw new DomainError('overloaded');
      if (route === undefined) throw new DomainError('not_found');
      if (request.method !== 'GET') throw new DomainError('method_not_allowed', { method: request.method ?? '' });
      checkOrigin(request);
      const principal = await this.principalOf(request, socket, route.access);
      authorise(principal, route.access);
      if (principal !== undefined) rememberCaller(request, principal);
      if (socket.destroyed) return;
      await route.accept({ request, socket, head, principal, query: parse(query) });
    } catch (error) {
      const answer = (route?.answer ?? answerError)(error);
      if (answer.unexpected)
        this.logger.error(`Upgrade of ${path} failed`, error instanceof Error ? error.stack : error);
      refuseUpgrade(socket, answer);
    }
  }

  private async principalOf(
    request: IncomingMessage,
    socket: Duplex,
    access: RouteAccess,
  ): Promise<Principal | undefined> {
    try {
      const tokens = this.modules.get(TokenStore, { strict: false });
      return await authenticate({ headers: request.headers, socket: connectionOf(socket) }, tokens);
    } catch (error) {
      // What is open to all is open to those with a wrong token, too.
      if (access === 'public') return undefined;
      throw error;
    }
  }
}

function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  return [path.length > 1 ? path.replace(/\/$/, '') : path, at < 0 ? '' : url.slice(at + 1)];
}

/** Browsers let any page open a WebSocket anywhere, and say which page it was: only our own may. */
function checkOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  const isOurs = URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  if (!isOurs) throw new DomainError('permission_denied');
}
