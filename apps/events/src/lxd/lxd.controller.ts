import { hostname } from 'node:os';
import { parse } from 'node:querystring';
import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import { Caller, type Principal, Public } from '@tidings/access';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersHtml } from '../console/preferred-type.js';
import { LxdAccess } from './lxd-access.js';
import { StreamRequests } from './stream-request.js';

/** An answer in LXD's shape. */
interface LxdAnswer<T> {
  readonly type: 'sync';
  readonly status: 'Success';
  readonly status_code: 200;
  readonly metadata: T;
}

/** As much of a server as LXD's clients look at before they ask for its events. */
interface LxdServer {
  readonly api_extensions: readonly string[];
  readonly api_status: 'stable';
  readonly api_version: '1.0';
  readonly auth: 'trusted' | 'untrusted';
  readonly auth_methods: readonly string[];
  readonly public: false;
  readonly config: Readonly<Record<string, never>>;
  readonly environment: {
    readonly addresses: readonly string[];
    readonly certificate: '';
    readonly server: 'tidings';
    readonly server_name: string;
  };
}

/** LXD's API, as far as its clients need it to follow events. */
@Controller()
export class LxdController {
  constructor(
    private readonly access: LxdAccess,
    private readonly requests: StreamRequests,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get()
  @Public()
  versions(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): LxdAnswer<readonly string[]> | undefined {
    if (!this.environment.console.enabled) return success(['/1.0']);
    void reply.header('vary', 'Accept');
    if (!prefersHtml(accept)) return success(['/1.0']);
    // Somebody looks at the server with a browser. Relative, so that it holds behind a proxy's path, too.
    void reply.code(302).header('location', 'console/');
    return undefined;
  }

  @Get('1.0')
  @Public()
  server(@Caller() caller: Principal | undefined, @Req() request: FastifyRequest): LxdAnswer<LxdServer> {
    const isTrusted = this.access.readerOf(caller, request.raw) !== undefined;
    return success({
      // With it, clients may ask for another project than the default one.
      api_extensions: ['projects'],
      api_status: 'stable',
      api_version: '1.0',
      auth: isTrusted ? 'trusted' : 'untrusted',
      auth_methods: ['tls'],
      public: false,
      config: {},
      environment: { addresses: [], certificate: '', server: 'tidings', server_name: isTrusted ? hostname() : '' },
    });
  }

  /** Events come by WebSocket alone; this is for requests that do not ask for one. */
  @Get('1.0/events')
  @Public()
  async events(
    @Caller() caller: Principal | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.access.demandReader(caller, request.raw);
    await this.requests.of(parse(request.url.split('?', 2)[1] ?? ''));
    void reply.code(400).header('Sec-Websocket-Version', '13').type('text/plain; charset=utf-8').send('Bad Request\n');
  }
}

function success<T>(metadata: T): LxdAnswer<T> {
  return { type: 'sync', status: 'Success', status_code: 200, metadata };
}
