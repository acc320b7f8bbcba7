import { BadRequestException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { errorCodes } from 'fastify';
import { describe, expect, test } from 'vitest';
import { answerError } from './error-answer.js';
import { DomainError, type ErrorCode, ERRORS, invalidQuery } from './errors.js';

describe('the table of errors', () => {
  test.each(Object.entries(ERRORS))('%s is a proper row', (code, row) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.message.length).toBeGreaterThan(0);
    expect(row.retriable).toBe([408, 429, 503].includes(row.status));
  });
});

test('a message is filled with its parameters', () => {
  expect(new DomainError('body_too_large', { limit: 5 }).message).toBe('The body is larger than 5 bytes.');
});

describe('an answer', () => {
  test('has detail and code, and what the error adds', () => {
    const error = new DomainError('unprocessable_event', {}, { members: { errors: [{ position: 3 }] } });
    expect(answerError(error)).toEqual({
      status: 422,
      headers: {},
      body: { detail: 'The event was not accepted.', code: 'unprocessable_event', errors: [{ position: 3 }] },
      unexpected: false,
    });
  });

  test('to a wrong query has the parameters and nothing else', () => {
    expect(answerError(invalidQuery({ page_size: ['A valid integer is required.'] }))).toMatchObject({
      status: 400,
      body: { page_size: ['A valid integer is required.'] },
    });
  });

  test('401 says how to authenticate', () => {
    expect(answerError(new DomainError('not_authenticated'))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { detail: 'Authentication credentials were not provided.' },
    });
  });

  test.each<[ErrorCode, number | undefined, string]>([
    ['broker_unavailable', undefined, '5'],
    ['database_unavailable', 0.2, '1'],
    ['overloaded', 12.5, '13'],
  ])('503 %s says when to come again', (code, retryAfterSeconds, expected) => {
    const error = new DomainError<'overloaded'>(code as 'overloaded', {}, { retryAfterSeconds });
    expect(answerError(error)).toMatchObject({ status: 503, headers: { 'retry-after': expected } });
  });

  test.each([
    ['an error', new Error('password=hunter2')],
    ['a text', 'password=hunter2'],
    ['nothing', undefined],
    ['a foreign error with a status', Object.assign(new Error('hunter2'), { statusCode: 400, code: 'EOTHER' })],
    ['a 500 of the framework', new errorCodes.FST_ERR_REP_INVALID_PAYLOAD_TYPE('hunter2')],
  ])('to %s that nobody foresaw says nothing of it', (_, error) => {
    const answer = answerError(error);
    expect(answer).toEqual({
      status: 500,
      headers: {},
      body: { detail: 'Internal server error.', code: 'internal_error' },
      unexpected: true,
    });
  });

  test('to an unknown route is the same as to an unknown thing', () => {
    expect(answerError(new NotFoundException('Cannot GET /secret'))).toEqual(answerError(new DomainError('not_found')));
  });

  test('to a refusal of the framework has its status', () => {
    expect(answerError(new BadRequestException('No.'))).toMatchObject({
      status: 400,
      body: { detail: 'No.', code: 'malformed_request' },
    });
    expect(answerError(new errorCodes.FST_ERR_BAD_URL('/%'))).toMatchObject({ body: { code: 'malformed_url' } });
  });

  test('of the health check keeps its body', () => {
    const body = { status: 'error', info: {}, error: { kafka: { status: 'down' } }, details: {} };
    expect(answerError(new ServiceUnavailableException(body))).toEqual({
      status: 503,
      headers: { 'retry-after': '5' },
      body,
      unexpected: false,
    });
  });
});
