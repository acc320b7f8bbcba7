import { describe, expect, it } from 'vitest';
import { problemOf } from './problem.js';

describe('an error of the API', () => {
  it('is read as most routes say it', () => {
    const body = {
      detail: 'Not accepted.',
      code: 'unprocessable_event',
      errors: [{ field: 'data', problem: 'is missing' }],
    };
    expect(problemOf(422, body, null)).toMatchObject({
      status: 422,
      message: 'Not accepted.',
      code: 'unprocessable_event',
      fields: [{ field: 'data', problem: 'is missing' }],
      retryAfter: undefined,
    });
  });

  it('is read as Waldur’s clients get it, field by field', () => {
    expect(problemOf(400, { created_from: ['must be a number'] }, null)).toMatchObject({
      message: 'created_from must be a number',
      fields: [{ field: 'created_from', problem: 'must be a number' }],
    });
  });

  it('is read as IBM’s clients get it, with its trace', () => {
    const errors = [{ code: 'invalid_value', message: 'name: is required', more_info: '/docs' }];
    expect(problemOf(400, { trace: 'abc', status_code: 400, errors }, '7')).toMatchObject({
      message: 'name: is required',
      code: 'invalid_value',
      fields: [{ field: 'name', problem: 'is required' }],
      trace: 'abc',
      retryAfter: 7,
    });
  });

  it.each([[undefined], ['<html>'], [[]], [{}]])('says its status where the body is %j', (body) => {
    expect(problemOf(502, body, 'soon')).toMatchObject({
      message: expect.stringContaining('502') as string,
      fields: [],
    });
  });
});
