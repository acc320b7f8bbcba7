import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, HttpCode, Options, Param, Post, Res } from '@nestjs/common';
import { Public } from '@tidings/access';
import { StreamedBody } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';
import type { IntakeAnswer } from '../intake/intake-report.js';
import { answerValidation } from '../webhook-validation.js';
import { ConnectorHookService } from './connector-hook.service.js';

/** `POST /api/connectors/{name}/hook/{secret}`: for systems that cannot send a token; the path is the secret. */
@Controller('api/connectors')
@Public()
export class ConnectorHookController {
  constructor(private readonly hooks: ConnectorHookService) {}

  @Post(':name/hook/:secret')
  @HttpCode(202)
  @StreamedBody()
  async take(
    @Param('name') name: string,
    @Param('secret') secret: string,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
  ): Promise<IntakeAnswer> {
    return this.hooks.take({ name, secret, headers, body });
  }

  @Options(':name/hook/:secret')
  @Public()
  validate(
    @Param('name') name: string,
    @Param('secret') secret: string,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.hooks.hookNamed(name, secret);
    answerValidation(headers, reply);
  }
}
