import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayloadClass } from '../../definition.js';
import { isJsonObject, type JsonObject } from '../../json.js';
import { schemaOf, type JsonSchema } from '../../schema.js';
import { validatePayload } from '../../validation.js';
import { waldur } from './system.js';

interface Subject {
  readonly payload: PayloadClass<object>;
  readonly example: JsonObject;
  readonly contextSchema: JsonSchema;
}

/** One example of each payload class. */
const classes = new Map(
  Object.values(waldur.events).map((row): [string, Subject] => {
    const contextSchema = (schemaOf(row.payload)['properties'] as Record<string, JsonSchema>)['context'] ?? {};
    return [row.payload.name, { payload: row.payload, example: row.example as unknown as JsonObject, contextSchema }];
  }),
);

/** What both validators say; that they say the same is what each test below shows in passing. */
function conforms(payload: PayloadClass<object>, data: unknown): boolean {
  const bySchema = validatePayload(payload, data).length === 0;
  const byRules = validateSync(plainToInstance(payload, data)).length === 0;
  expect({ data, conforms: bySchema }).toEqual({ data, conforms: byRules });
  return bySchema;
}

function withContext({ example }: Subject, changes: JsonObject): JsonObject {
  return { ...example, context: { ...(example['context'] as JsonObject), ...changes } };
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

const fieldsOf = (schema: JsonSchema): string[] => Object.keys(schema['properties'] as JsonObject);
const requiredOf = (schema: JsonSchema): string[] => (schema['required'] ?? []) as string[];

const anyValue = fc.oneof(
  fc.constantFrom(null, '', 'None', 7, 7.5, true, [], {}, ['a'], { a: 1 }),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.replaceAll('-', '').toUpperCase()),
  fc.jsonValue(),
);

describe("the rules of Waldur's payload classes and the schemas made of them", () => {
  it('are of one class for each kind of context, and no two have one name', () => {
    const payloads = new Set(Object.values(waldur.events).map((row) => row.payload as PayloadClass<object>));
    expect(classes.size).toBe(payloads.size);
  });

  describe.each([...classes])('%s', (_name, subject) => {
    const { payload, example, contextSchema } = subject;

    it('accepts its example, and one with keys that nobody declared', () => {
      expect(conforms(payload, example)).toBe(true);
      expect(conforms(payload, withContext(subject, { a_key_of_a_newer_waldur: { nested: [1, null] } }))).toBe(true);
      expect(conforms(payload, { ...example, notification: 7 })).toBe(true);
    });

    it('misses each field that is required', () => {
      expect(requiredOf(schemaOf(payload))).toEqual(['context']);
      expect(conforms(payload, without(example, 'context'))).toBe(false);
      for (const field of requiredOf(contextSchema)) {
        const context = without(example['context'] as JsonObject, field);
        expect(conforms(payload, { ...example, context })).toBe(false);
        expect(conforms(payload, withContext(subject, { [field]: null }))).toBe(false);
      }
    });

    it('does without each field that is not', () => {
      expect(conforms(payload, without(example, 'message'))).toBe(true);
      expect(conforms(payload, { ...example, message: null })).toBe(true);
      for (const field of fieldsOf(contextSchema).filter((name) => !requiredOf(contextSchema).includes(name))) {
        const context = without(example['context'] as JsonObject, field);
        expect(conforms(payload, { ...example, context })).toBe(true);
        expect(conforms(payload, withContext(subject, { [field]: null }))).toBe(true);
      }
    });

    it('finds a wrong type in each field', () => {
      for (const wrong of [7, true, [], 'a', null]) {
        expect(conforms(payload, { ...example, context: wrong })).toBe(false);
      }
      expect(conforms(payload, { ...example, message: 7 })).toBe(false);
      for (const field of fieldsOf(contextSchema)) {
        expect(conforms(payload, withContext(subject, { [field]: true }))).toBe(false);
      }
    });

    it('judges anything at all in the same way by both', () => {
      const anyField = fc.constantFrom(...fieldsOf(contextSchema));
      const anyPayload = fc.oneof(
        { weight: 8, arbitrary: fc.dictionary(anyField, anyValue).map((changes) => withContext(subject, changes)) },
        { weight: 1, arbitrary: anyValue.map((message) => ({ ...example, message })) },
        { weight: 1, arbitrary: anyValue.map((context) => ({ ...example, context })) },
      );
      fc.assert(
        fc.property(anyPayload, (data) => {
          conforms(payload, data);
        }),
      );
    });
  });

  it('are met by the example of every type', () => {
    for (const [type, row] of Object.entries(waldur.events)) {
      expect({ type, problems: validatePayload(row.payload, row.example) }).toEqual({ type, problems: [] });
      expect(isJsonObject(row.example)).toBe(true);
    }
  });
});
