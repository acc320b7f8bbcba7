import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, type ApiOperationOptions } from '@nestjs/swagger';
import { Public } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { type ErrorCode, StreamedBody } from '@tidings/runtime';
import { IntakeAnswer } from './intake-answer.dto.js';

const INTAKE_ERRORS: readonly ErrorCode[] = [
  'malformed_json',
  'empty_body',
  'body_too_large',
  'event_too_large',
  'unsupported_media_type',
  'unprocessable_event',
  'too_many_dead_letters',
  'request_timeout',
  'unknown_event_type',
  'source_not_allowed',
  'broker_unavailable',
  'partly_acknowledged',
];

/** What the document says of a body that is read as a stream. */
export type StreamedContent = Extract<NonNullable<ApiOperationOptions['requestBody']>, { content: object }>['content'];

/** A route that takes events from a streamed body: what it answers, and how it fails. @param errors of its own */
export function TakesEvents(operation: ApiOperationOptions, ...errors: readonly ErrorCode[]): MethodDecorator {
  return applyDecorators(
    HttpCode(202),
    StreamedBody(),
    ApiOperation(operation),
    ApiAcceptedResponse({ description: 'Kafka has every event that is not rejected.', type: IntakeAnswer }),
    Fails(...INTAKE_ERRORS, ...errors),
  );
}

/** A route that answers the validation requests of CloudEvents' webhooks. */
export function ValidatesWebhook(): MethodDecorator {
  return applyDecorators(
    Public(),
    ApiOperation({ summary: 'Tells a sender of CloudEvents by webhook that it may deliver here.' }),
    ApiHeader({
      name: 'WebHook-Request-Origin',
      description: 'The sender that asks.',
      schema: { type: 'string', example: 'eventemitter.example.com' },
    }),
    ApiOkResponse({
      description: 'It may deliver here.',
      headers: {
        'WebHook-Allowed-Origin': {
          description: 'The sender that asked.',
          schema: { type: 'string' },
          example: 'eventemitter.example.com',
        },
        'WebHook-Allowed-Rate': { description: 'There is no limit.', schema: { type: 'string' }, example: '*' },
      },
    }),
  );
}
