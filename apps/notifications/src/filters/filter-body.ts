import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import { BodyMembers } from '../api/body-members.js';
import type { Filter } from '../rules/filter.js';
import { parseFilter } from '../rules/filter-parser.js';
import { filterProblem } from '../rules/filter-text.js';

const DEFAULT_LAST = 100;
const MAX_LAST = 1_000;

/** What a filter is tried on: one event that is given, or the last stored ones. */
export interface FilterTrial {
  readonly filter: Filter;
  readonly on: { readonly event: JsonObject } | { readonly last: number; readonly sourceId: string | undefined };
}

/** @returns the text that is to be read as a filter. @throws {DomainError} `invalid_query` */
export function readFilterText(body: unknown): string {
  const members = new BodyMembers(body, ['filter']);
  const text = members.requiredText('filter', 'the text of a filter');
  members.end();
  return text;
}

/** @param body with its numbers as they came. @throws {DomainError} `invalid_query` with everything that is wrong */
export function readFilterTrial(body: unknown): FilterTrial {
  const members = new BodyMembers(body, ['filter', 'event', 'last', 'source_id']);
  const text = members.requiredText('filter', 'the text of a filter');
  const problem = filterProblem(text);
  if (problem !== undefined) members.complain('filter', problem);
  const event = members.value('event');
  const last = members.value('last') ?? DEFAULT_LAST;
  const sourceId = members.text('source_id', 'the id of a source');
  if (event !== undefined) {
    if (!isJsonObject(event)) members.complain('event', 'must be a CloudEvent: a JSON object');
    for (const other of ['last', 'source_id']) {
      if (members.has(other)) members.complain(other, 'goes with stored events; leave it out, or leave out event');
    }
  }
  const isNumber = typeof last === 'number' && Number.isInteger(last) && last >= 1 && last <= MAX_LAST;
  if (!isNumber) members.complain('last', `must be a whole number from 1 to ${MAX_LAST}`);
  members.end();
  return {
    filter: parseFilter(text),
    on: isJsonObject(event) ? { event } : { last: isNumber ? last : DEFAULT_LAST, sourceId },
  };
}
