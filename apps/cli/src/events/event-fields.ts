import { InvalidArgumentError } from 'commander';
import { listed } from '../commands/option-values.js';

/** The fields that are asked for by default: all but the payload in a table, with it elsewhere. */
export const TABLE_FIELDS = ['uuid', 'created', 'system', 'event_type', 'outcome', 'message'] as const;
export const WHOLE_FIELDS = [
  'uuid',
  'created',
  'system',
  'type',
  'event_type',
  'source',
  'subject',
  'outcome',
  'message',
  'context',
] as const;

/** Every field there is. */
export const ALL_FIELDS: readonly string[] = [...WHOLE_FIELDS, 'site', 'id', 'conforming', 'cloudevent'];

/** Reads `--field`. The API passes over a field that it does not know; a misspelt one must not become an empty column. */
export function eventFields(text: string, before: readonly string[] | undefined): readonly string[] {
  const fields = listed(text, before);
  const unknown = fields.find((field) => !ALL_FIELDS.includes(field));
  if (unknown === undefined) return fields;
  throw new InvalidArgumentError(`There is no field ${unknown}. Fields: ${ALL_FIELDS.join(', ')}.`);
}
