import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Headers, Options, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@tidings/access';
import { CheckedRequests } from '@tidings/openapi';
import type { FastifyReply } from 'fastify';
import type { IntakeAnswer } from '../intake/intake-answer.dto.js';
import { TakesEvents, ValidatesWebhook } from '../intake/intake-route.js';
import { NATIVE_CONTENT } from '../native/native-events.dto.js';
import { answerValidation } from '../webhook-validation.js';
import { ConnectorHookService } from './connector-hook.service.js';
import { ConnectorHookPath } from './connector.dto.js';

/** `POST /api/connectors/{name}/hook/{secret}`: for systems that cannot send a token; the path is the secret. */
@Controller('api/connectors')
@Public()
@CheckedRequests()
export class ConnectorHookController {
  constructor(private readonly hooks: ConnectorHookService) {}

  @Post(':name/hook/:secret')
  @ApiTags('Connectors')
  @TakesEvents(
    {
      summary: 'Takes what a system posts to the hook of a connector; the secret in the path is all it needs.',
      requestBody: { description: 'Events as the system sends them.', required: true, content: NATIVE_CONTENT },
    },
    'permission_denied',
    'connector_paused',
  )
  async take(
    @Param() { name, secret }: ConnectorHookPath,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
  ): Promise<IntakeAnswer> {
    return this.hooks.take({ name, secret, headers, body });
  }

  @Options(':name/hook/:secret')
  @ApiTags('Publishing')
  @ValidatesWebhook()
  validate(
    @Param() { name, secret }: ConnectorHookPath,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.hooks.hookNamed(name, secret);
    answerValidation(headers, reply);
  }
}
