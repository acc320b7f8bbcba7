import type { ParsedUrlQuery } from 'node:querystring';
import { invalidQuery } from '@tidings/runtime';

/** Which events a client of `/1.0/events` asks for. */
export interface StreamRequest {
  /** LXD's own types; undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
  /** Undefined: of all projects. */
  readonly project: string | undefined;
}

/** All that any LXD sends, newer ones included. */
const TYPES: ReadonlySet<string> = new Set(['logging', 'operation', 'lifecycle', 'ovn', 'security']);

const DEFAULT_PROJECT = 'default';

/** What LXD takes for yes. */
const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 'on']);

/**
 * Reads the parameters of `/1.0/events`. As LXD does, it takes the first of a repeated one and ignores what it does not
 * know.
 * @throws {DomainError} `invalid_query` for an unknown type, or a project beside `all-projects`
 */
export function streamRequestOf(query: ParsedUrlQuery): StreamRequest {
  const project = first(query['project']);
  const all = YES.has(first(query['all-projects']).toLowerCase());
  if (all && project !== '') {
    throw invalidQuery({ 'all-projects': ['Cannot specify a project when requesting all projects'] });
  }
  const given = first(query['type']);
  const types = given === '' ? [] : given.split(',');
  const unknown = types.find((type) => !TYPES.has(type));
  if (unknown !== undefined) {
    throw invalidQuery({ type: [`${JSON.stringify(unknown)} isn't a supported event type`] });
  }
  return {
    types: types.length === 0 ? undefined : new Set(types),
    project: all ? undefined : project === '' ? DEFAULT_PROJECT : project,
  };
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
