import { isJsonObject } from '@tidings/catalogue';
import { BodyMembers, demandStorable } from '../api/body-members.js';
import type { ReplayQuery } from './replay.repository.js';

const MAX_PARAMETERS = 50;
/** They would change the answer's form, or its beginning. */
const NOT_HERE: ReadonlySet<string> = new Set(['page', 'page_size', 'field', 'cursor']);

/** @returns which stored events are asked for. @throws {DomainError} `invalid_query` */
export function readReplay(body: unknown): ReplayQuery {
  const members = new BodyMembers(body, ['query']);
  const query = members.value('query');
  if (!isJsonObject(query) || Object.keys(query).length === 0 || Object.keys(query).length > MAX_PARAMETERS) {
    const example = '{"event_type": "instance-created", "created_from": "1793606400"}';
    members.complain('query', `is required: parameters of GET /api/events/, for example ${example}`);
    members.end();
    return {};
  }
  for (const [name, value] of Object.entries(query)) {
    if (NOT_HERE.has(name))
      members.complain(`query.${name}`, 'is not for replays, which take everything; leave it out');
    const texts: unknown[] = [value].flat();
    if (!texts.every((text) => typeof text === 'string')) {
      members.complain(`query.${name}`, 'must be a text, or an array of texts');
    }
  }
  members.end();
  demandStorable('query', query);
  return query as ReplayQuery;
}

/** As they stand in a URL. */
export function parametersOf(query: ReplayQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const text of [value].flat()) parameters.append(name, text);
  }
  return parameters;
}
