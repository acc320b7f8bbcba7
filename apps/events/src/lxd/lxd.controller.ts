import { hostname } from 'node:os';
import { parse } from 'node:querystring';
import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Caller, type Principal, Public } from '@tidings/access';
import { CheckedRequests } from '@tidings/openapi';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersHtml } from '../console/preferred-type.js';
import { LxdAccess } from './lxd-access.js';
import { LXD_SYNC, LxdError, LxdServerAnswer, LxdVersionsAnswer } from './lxd.dto.js';
import { StreamRequests } from './stream-request.js';

/** The handler reads the query itself, as LXD does: the first of a repeated parameter counts, unknown ones are ignored. */
const LxdQuery = (name: string, description: string, example: string): MethodDecorator =>
  ApiQuery({ name, description, required: false, schema: { type: 'string', example } });

/** LXD's API, as far as its clients need it to follow events. */
@Controller()
@CheckedRequests()
@ApiTags('LXD')
export class LxdController {
  constructor(
    private readonly access: LxdAccess,
    private readonly requests: StreamRequests,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Lists the supported versions of LXD’s API.' })
  @ApiOkResponse({ description: 'One.', type: LxdVersionsAnswer })
  @ApiFoundResponse({ description: 'To the web console, for clients that prefer a page to JSON.' })
  versions(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): LxdVersionsAnswer | undefined {
    const versions: LxdVersionsAnswer = { ...LXD_SYNC, metadata: ['/1.0'] };
    if (!this.environment.console.enabled) return versions;
    void reply.header('vary', 'Accept');
    if (!prefersHtml(accept)) return versions;
    // Somebody looks at the server with a browser. Relative, so that it holds behind a proxy's path, too.
    void reply.code(302).header('location', 'console/');
    return undefined;
  }

  @Get('1.0')
  @Public()
  @ApiOperation({ summary: 'Describes the server to LXD’s clients.' })
  @ApiOkResponse({ description: 'The server.', type: LxdServerAnswer })
  server(@Caller() caller: Principal | undefined, @Req() request: FastifyRequest): LxdServerAnswer {
    const isTrusted = this.access.readerOf(caller, request.raw) !== undefined;
    const metadata: LxdServerAnswer['metadata'] = {
      // With it, clients may ask for another project than the default one.
      api_extensions: ['projects'],
      api_status: 'stable',
      api_version: '1.0',
      auth: isTrusted ? 'trusted' : 'untrusted',
      auth_methods: ['tls'],
      public: false,
      config: {},
      environment: { addresses: [], certificate: '', server: 'tidings', server_name: isTrusted ? hostname() : '' },
    };
    return { ...LXD_SYNC, metadata };
  }

  /** Events are sent over WebSockets only; this answers requests that do not ask for one. */
  @Get('1.0/events')
  @Public()
  @ApiOperation({
    summary: 'Streams LXD’s events over a WebSocket.',
    description:
      'For tokens with `events:read`, registered client certificates and the unix socket. A request that does not ask for a WebSocket is answered 400.',
  })
  @LxdQuery('type', 'LXD’s event types, separated by commas; all without it.', 'lifecycle,operation')
  @LxdQuery('project', 'Events of this project. Defaults to `default`.', 'default')
  @LxdQuery('all-projects', 'Events of all projects.', 'true')
  @ApiResponse({ status: 101, description: 'The stream begins: one event per message, in LXD’s envelope.' })
  @ApiResponse({
    status: 400,
    description: 'An unknown event type, or no WebSocket.',
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(LxdError) },
        example: { type: 'error', error: '"x" isn’t a supported event type', error_code: 400 },
      },
      'text/plain': { schema: { type: 'string' }, example: 'Bad Request\n' },
    },
  })
  @ApiForbiddenResponse({ description: 'In LXD’s form.', type: LxdError })
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
