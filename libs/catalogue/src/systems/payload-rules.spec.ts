import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { EventDefinition } from '../definition.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { catalogue, systems } from './index.js';

// Waldur's classes have rules of their own and a specification of their own for them.
const rows = systems
  .filter(({ name }) => name !== 'waldur')
  .flatMap((system) =>
    Object.entries<EventDefinition<object>>(system.events).map(([key, row]) => ({
      type: `${system.typePrefix}${key}`,
      payload: row.payload,
    })),
  );

/** What each field may be replaced by, and what may be left out: one change at a time, on every level. */
function* changed(value: JsonObject): Generator<JsonObject> {
  for (const [name, field] of Object.entries(value)) {
    const { [name]: _, ...rest } = value;
    yield rest;
    for (const other of [null, '', 'text', 7, 7.5, true, [], {}]) yield { ...value, [name]: other };
    if (isJsonObject(field)) for (const inner of changed(field)) yield { ...value, [name]: inner };
  }
}

describe('the rules of every payload class and the schema made of them', () => {
  it.each(rows.map(({ type, payload }) => [type, payload] as const))('agree on %s', (type, payload) => {
    const declared = catalogue.type(type);
    const example = declared?.example ?? {};
    expect(declared?.validate(example)).toEqual([]);
    for (const data of [example, { ...example, undeclared: { kept: true } }, ...changed(example)]) {
      const bySchema = declared?.validate(data).length === 0;
      const byRules = validateSync(plainToInstance(payload, data), { forbidUnknownValues: false }).length === 0;
      if (bySchema !== byRules) expect({ data, conforms: bySchema }).toEqual({ data, conforms: byRules });
    }
  });
});
