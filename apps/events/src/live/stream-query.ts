import { parseTime } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import { Parameter } from '../paging/query-parameters.js';
import { parseUnixSeconds } from '../paging/unix-seconds.js';
import { EventFilterQuery, filterOf } from '../query/event-query.js';
import type { LiveRequest } from './live-events.js';

/** The parameters of a stream: those that choose events, and where it begins. */
export class StreamQuery extends EventFilterQuery {
  @Parameter({
    description:
      'Resume after this position: the id of the last event that was received. The header Last-Event-ID takes precedence.',
    example: '81234-1207',
  })
  last_event_id?: string;

  @Parameter({
    description: 'Begin with what was stored at this time or later: RFC 3339 or Unix seconds.',
    example: '2026-11-02T08:00:00Z',
  })
  since?: string;
}

/**
 * What a query that passed its rules asks to follow.
 * @param header the value of `Last-Event-ID`, which browsers send when they come again
 * @throws {DomainError} `invalid_query`
 */
export function followingOf(query: StreamQuery, header: string | undefined): Omit<LiveRequest, 'principal'> {
  const given = header?.trim() ?? '';
  const after = given === '' ? query.last_event_id : given;
  return {
    filter: filterOf(query),
    ...(after !== undefined && { after }),
    ...(query.since !== undefined && { since: timeOf(query.since) }),
  };
}

function timeOf(text: string): bigint {
  // A plus that was not escaped came as a space.
  const time = parseUnixSeconds(text) ?? parseTime(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (time === undefined) {
    throw invalidQuery({ since: ['Enter a time as RFC 3339, such as 2026-11-02T08:00:00Z, or as Unix seconds.'] });
  }
  return time;
}
