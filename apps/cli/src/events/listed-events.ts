import type { ApiClient } from '../api/api-client.js';
import { follow } from '../api/event-stream.js';
import { pagesOf } from '../api/pages.js';
import type { Printer } from '../output/printer.js';
import { textOf } from '../output/exact-json.js';
import { shortTime, wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { readCloudEvent } from './cloud-event.js';
import { filterParameters, listParameters, type FilterOptions } from './event-filter-options.js';
import { EventKnowledge } from './event-knowledge.js';

/** An event as a list shows it: the fields that were asked for. */
export type ListedEvent = Readonly<Record<string, unknown>>;

const PATH = '/api/events/';

/** The columns of a table of events. @param names those that were asked for; the usual ones without */
export function eventColumns(names: readonly string[] | undefined, { colours }: Printer): Column<ListedEvent>[] {
  if (names !== undefined) {
    return names.map((name) => ({
      title: titleOf(name),
      cell: (event) => textOf(event[name]),
      whole: name === 'uuid' || name === 'id',
    }));
  }
  const plain = (name: string): Column<ListedEvent> => ({ title: titleOf(name), cell: (event) => textOf(event[name]) });
  return [
    {
      title: 'CREATED',
      cell: ({ created }) => wholeSeconds(textOf(created)),
      short: ({ created }) => shortTime(textOf(created)),
      paint: colours.dim,
    },
    plain('system'),
    { ...plain('event_type'), paint: (text, { outcome }) => (outcome === 'failed' ? colours.red(text) : text) },
    plain('message'),
    { ...plain('uuid'), optional: true, paint: colours.dim },
  ];
}

const titleOf = (name: string): string => name.toUpperCase().replaceAll('_', ' ');

export interface EventListRequest extends FilterOptions {
  readonly limit: number;
  readonly oldestFirst?: boolean;
}

/** Events page by page. @param fields of each */
export function listEvents(
  api: ApiClient,
  request: EventListRequest,
  fields: readonly string[],
): AsyncGenerator<readonly ListedEvent[]> {
  const order = request.oldestFirst === true ? 'created' : '-created';
  return pagesOf(api, PATH, { ...listParameters(request), field: fields, o: order }, request.limit);
}

/**
 * The newest events, the oldest of them first, and then those that are stored from now on. The stream is opened before
 * the list is asked for, so that none falls between the two; what both have comes once.
 */
export async function* listAndFollow(
  api: ApiClient,
  request: EventListRequest,
  fields: readonly string[],
  { signal, onPause }: Pick<Parameters<typeof follow>[1], 'signal' | 'onPause'>,
): AsyncGenerator<readonly ListedEvent[]> {
  const knowledge = await EventKnowledge.load();
  const listed = new Set<unknown>();
  let isListed = false;
  const stream = follow(api, { filters: filterParameters(request), signal, ...(onPause && { onPause }) });
  for await (const { event } of stream) {
    if (!isListed) {
      isListed = true;
      const pages: ListedEvent[] = [];
      for await (const page of listEvents(api, { ...request, oldestFirst: false }, [...fields, 'uuid'])) {
        pages.push(...page);
      }
      for (const one of pages) listed.add(one['uuid']);
      yield pages.reverse();
    }
    if (event === undefined) continue;
    const shown = knowledge.show(readCloudEvent(event));
    if (!listed.delete(shown.uuid)) yield [{ ...shown }];
  }
}
