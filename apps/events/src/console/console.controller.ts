import { randomBytes } from 'node:crypto';
import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import { Public } from '@tidings/access';
import { API_VERSION } from '@tidings/openapi';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';
import { ConsoleFiles } from './console-files.js';
import { CONSOLE_HEADERS, contentSecurityPolicy, servedPage, UNBUILT_PAGE } from './console-page.js';

/** What is built has a hash of its content in its name, and never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The web console: a page, its files, and what it has to know before anybody has signed in. All of it is public, as the
 * sources are; whatever it shows it asks the API for, with the token of who uses it.
 */
@Controller('console')
@Public()
export class ConsoleController {
  constructor(
    private readonly files: ConsoleFiles,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('config.json')
  config(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.headers({ ...CONSOLE_HEADERS, 'cache-control': 'no-store' });
    return { name: 'Tidings', version: API_VERSION, public_url: this.environment.console.publicUrl ?? null };
  }

  @Get('assets/:file')
  async asset(
    @Param('file') name: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.files.file(`assets/${name}`, accepted);
    if (file === undefined) throw new DomainError('not_found');
    void reply
      .headers({
        ...CONSOLE_HEADERS,
        'cache-control': FOR_EVER,
        'content-type': file.contentType,
        vary: 'Accept-Encoding',
      })
      .headers(file.encoding === undefined ? {} : { 'content-encoding': file.encoding })
      .send(file.bytes);
  }

  /** The page, also for the address of any of its screens: those are the browser's business. */
  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    const nonce = randomBytes(16).toString('base64');
    const page = await this.files.page();
    void reply.headers({
      ...CONSOLE_HEADERS,
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(nonce),
      'content-type': 'text/html; charset=utf-8',
    });
    if (page === undefined) void reply.code(503).header('retry-after', '2').send(UNBUILT_PAGE);
    else void reply.send(servedPage(page, nonce, this.environment.console.publicUrl));
  }

  @Get('*')
  async screen(@Param('*') path: string, @Res() reply: FastifyReply): Promise<void> {
    // A file that is not there is told as such, and is not the page under its name.
    if (/\.\w+$/.test(path)) throw new DomainError('not_found');
    await this.page(reply);
  }
}
