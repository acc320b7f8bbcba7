import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { principalOfConnection, TokenStore, trustConnection } from '@tidings/access';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import { SOCKET_PRINCIPAL } from './lxd-access.js';
import { LxdGate } from './lxd-gate.js';
import { fingerprintOf, serverCertificate } from './server-certificate.js';
import { LONGEST_SOCKET_PATH, listenOnSocket } from './unix-socket.js';

/** Where LXD's API is served besides the HTTP port. */
export interface LxdAddresses {
  /** The path of a unix socket. */
  readonly socket: string | undefined;
  /** `https://…`, without a slash at its end. */
  readonly tls: string | undefined;
}

/** For requests in hand when the application closes, milliseconds; then their connections are cut. */
const CLOSING_MS = 2_000;

/** The unix socket and the TLS port of the LXD API. */
@Injectable()
export class LxdListeners implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Lxd');
  private readonly servers: Server[] = [];

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly gate: LxdGate,
    private readonly tokens: TokenStore,
  ) {}

  /**
   * Listens where the environment says.
   * @throws {StartError} when an address cannot be had
   */
  async start(): Promise<LxdAddresses> {
    return { socket: await this.startSocket(), tls: await this.startTls() };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.servers.splice(0).map(close));
  }

  private async startSocket(): Promise<string | undefined> {
    const { socket: path } = this.environment.lxdApi;
    if (path === undefined) return undefined;
    const bytes = Buffer.byteLength(path);
    if (bytes > LONGEST_SOCKET_PATH) {
      this.logger.warn(
        `The LXD API has no unix socket: ${path} has ${bytes} bytes, and the system allows ${LONGEST_SOCKET_PATH}. Set TIDINGS_LXD_SOCKET to a shorter path.`,
      );
      return undefined;
    }
    const server = createServer();
    server.on('connection', (socket) => trustConnection(socket, SOCKET_PRINCIPAL));
    this.gate.open(server, () => Promise.resolve());
    await listenOnSocket(server, path);
    this.servers.push(server);
    return path;
  }

  private async startTls(): Promise<string | undefined> {
    const { host, dataDir, lxdApi } = this.environment;
    const { tlsPort } = lxdApi;
    if (tlsPort === undefined) return undefined;
    const server = createTlsServer({
      ...(await serverCertificate(dataDir)),
      // Clients sign their certificates themselves: nobody vouches for them but their registration.
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    });
    this.gate.open(server, (request) => this.identify(request));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new StartError(
            `The LXD API cannot listen on ${host}:${tlsPort} (${error.code ?? error.message}). Set TIDINGS_LXD_TLS_PORT to a free port (0 chooses one).`,
            { cause: error },
          ),
        ),
      );
      server.listen({ host, port: tlsPort }, resolve);
    });
    this.servers.push(server);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : tlsPort;
    const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
    return `https://${name.includes(':') ? `[${name}]` : name}:${port}`;
  }

  /** Looked at with every request: a certificate may be registered, and taken back, while a connection lasts. */
  private async identify({ socket }: IncomingMessage): Promise<void> {
    if (!(socket instanceof TLSSocket)) return;
    const { raw } = socket.getPeerCertificate() as { readonly raw?: Buffer };
    if (raw === undefined) return;
    const principal = await this.tokens.findCertificate(fingerprintOf(raw));
    if (principal !== undefined) trustConnection(socket, principal);
    else if (principalOfConnection(socket) !== undefined) socket.destroy();
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
    // Connections that wait for nothing go at once, and the socket's file with them.
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
