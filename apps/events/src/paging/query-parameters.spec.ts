import { isDomainError } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import { oneOf, STORABLE_TEXT, UNIX_SECONDS, UUID_TEXT } from './parameter-rules.js';
import { Parameter, readQuery, RepeatedParameter } from './query-parameters.js';

class NarrowQuery {
  @Parameter({ description: 'Owner.', rule: UUID_TEXT })
  owner?: string;

  @RepeatedParameter({ description: 'Order.', commas: true, rule: oneOf(['up', 'down']) })
  o?: readonly string[];
}

class WideQuery extends NarrowQuery {
  @Parameter({ description: 'Text.', rule: STORABLE_TEXT })
  text?: string;

  @Parameter({ description: 'Time.', rule: UNIX_SECONDS })
  since?: string;

  @RepeatedParameter({ description: 'Name.' })
  name?: readonly string[];
}

const narrow = (raw: unknown) => readQuery(raw, NarrowQuery);
const wide = (raw: unknown) => readQuery(raw, WideQuery);

describe('query parameters', () => {
  it('are read into their class, a parent’s among them', () => {
    const owner = '47eaa0992cb6416d86dc283cf0480ff9';
    const query = wide({ owner, text: 'x', name: 'a', since: '1' });
    expect(query).toBeInstanceOf(WideQuery);
    expect(query).toEqual({ owner, text: 'x', name: ['a'], since: '1' });
  });

  it('count once, the last of them, where they are not repeatable', () => {
    expect(wide({ text: ['first', 'last'] })).toEqual({ text: 'last' });
  });

  it('are as good as missing when empty', () => {
    expect(wide({ text: '', owner: ['', ''], name: ['', 'a', ''], o: '' })).toEqual({ name: ['a'] });
    expect(wide(undefined)).toEqual({});
  });

  it('may hold several values between commas only where that is said', () => {
    expect(wide({ o: 'up,down', name: 'a,b' })).toEqual({ o: ['up', 'down'], name: ['a,b'] });
  });

  it('are refused where the class does not have them, and the nearest is named', () => {
    const raw = JSON.parse('{"__proto__": "x", "constructor": "y", "text": "z", "ownr": "w", "": ""}') as object;
    expect(fieldsRefused(() => narrow(raw))).toEqual(
      JSON.parse(`{
        "__proto__": ["Unknown parameter."],
        "constructor": ["Unknown parameter."],
        "text": ["Unknown parameter."],
        "ownr": ["Unknown parameter. Did you mean owner?"]
      }`),
    );
  });

  it('that nobody knows are not all told where they are thousands', () => {
    const raw = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, '']));
    expect(Object.keys(fieldsRefused(() => narrow(raw)))).toHaveLength(10);
  });

  it('that are wrong are told all at once', () => {
    const raw = { owner: 'x', o: ['up', 'sideways'], text: 'a\u0000', since: 'now' };
    expect(fieldsRefused(() => wide(raw))).toEqual({
      owner: ['must be a UUID: 32 hex digits, with or without hyphens'],
      o: ['must be one of up, down'],
      text: ['must not contain the character NUL'],
      since: ['must be a number of seconds since 1970-01-01'],
    });
  });
});

function fieldsRefused(transform: () => unknown): Readonly<Record<string, readonly string[]>> {
  try {
    transform();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    expect(error.code).toBe('invalid_query');
    return error.details.fields ?? {};
  }
  return expect.unreachable();
}
