import { expect } from 'vitest';
import type { ShownEvent } from '../api-world.js';
import type { OwnEvent, Party, TwoParties } from './two-parties.js';

const idsOf = (events: readonly OwnEvent[]): string[] => events.map(({ id }) => id);
/** From before the samples until tomorrow, for some of the world's events are of the present. */
const WINDOW = `created_from=1791000000&created_to=${Math.ceil(Date.now() / 1_000) + 86_400}`;
const HISTOGRAM_FIELDS = ['system', 'type', 'source', 'site', 'outcome'] as const;

/** A reader who tries each route that shows events for what is not theirs. */
export class AnswerTries {
  constructor(private readonly both: TwoParties) {}

  readonly list = async (party: Party): Promise<void> => {
    const seen: string[] = [];
    for (let page = 1; seen.length < party.events.length; page += 1) {
      const answer = await this.both.asked(party, `/api/events/?page_size=50&page=${page}`);
      expect(Number(answer.headers['x-result-count'])).toBe(party.events.length);
      seen.push(...answer.json<ShownEvent[]>().map(({ uuid }) => uuid));
    }
    expect(seen).toEqual(idsOf(party.events));
    const { site } = this.both.otherThan(party);
    for (const query of [`site=${site}`, `source=/lxd/${site}`, `site!=${party.site}`]) {
      expect((await this.both.asked(party, `/api/events/?${query}`)).json(), query).toEqual([]);
    }
    // A scope of somebody else's is as unknown as one that does not exist.
    const refusals = [site, 'nowhere'].map((name) => this.both.refused(party, `/api/events/?scope=lxd:${name}`, 400));
    expect(new Set(await Promise.all(refusals)).size).toBe(1);
    await this.cursors(party, '/api/events/', 'system=waldur');
  };

  readonly count = async (party: Party): Promise<void> => {
    expect((await this.both.asked(party, '/api/events/count/')).json()).toEqual({ count: party.events.length });
    const { site } = this.both.otherThan(party);
    expect((await this.both.asked(party, `/api/events/count/?site=${site}`)).json()).toEqual({ count: 0 });
  };

  readonly me = async (party: Party): Promise<void> => {
    const answer = await this.both.asked(party, '/api/me/');
    expect(answer.json()).toMatchObject({ permissions: ['events:read'], sources: [] });
    this.both.expectNothingForeign(party, answer.text);
  };

  readonly export = async (party: Party): Promise<void> => {
    const { site } = this.both.otherThan(party);
    for (const format of ['ndjson', 'csv']) {
      const { text } = await this.both.asked(party, `/api/events/export/?format=${format}&field=uuid,source`);
      expect(text.match(/[0-9a-f]{32}/g)).toEqual(idsOf(party.events));
    }
    const { text } = await this.both.asked(party, '/api/events/export/?format=cloudevents');
    const sources = text
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { source: string }).source);
    expect(sources).toEqual(party.events.map(({ source }) => source));
    for (const format of ['ndjson', 'csv', 'cloudevents']) {
      const none = await this.both.asked(party, `/api/events/export/?format=${format}&site=${site}`);
      expect(none.text.split('\n').length).toBe(format === 'csv' ? 2 : 1);
    }
  };

  readonly retrieve = async (party: Party): Promise<void> => {
    const [own] = party.events;
    for (const name of namesOf(own)) {
      const answer = await this.both.asked(party, `/api/events/${name}/`);
      expect(answer.json<ShownEvent>().uuid).toBe(own?.id);
    }
    await this.unknown(party, (name) => `/api/events/${name}/`);
  };

  readonly related = async (party: Party): Promise<void> => {
    for (const { id, system, subject } of party.events.slice(0, 15)) {
      const answer = await this.both.asked(party, `/api/events/${id}/related/?page_size=300`);
      const expected = party.events.filter((event) => event.subject === subject && event.system === system);
      expect(answer.json<ShownEvent[]>().map(({ uuid }) => uuid)).toEqual(subject === null ? [] : idsOf(expected));
    }
    await this.unknown(party, (name) => `/api/events/${name}/related/`);
    const busy = party.events.find(({ subject }) => subject !== null && shares(party.events, subject) > 1);
    await this.cursors(party, `/api/events/${busy?.id}/related/`, 'o=created', 1);
  };

  readonly histogram = async (party: Party): Promise<void> => {
    const foreign = this.both.otherThan(party).site;
    for (const by of HISTOGRAM_FIELDS) {
      const { buckets } = await this.buckets(party, `by=${by}`);
      const filled = buckets.filter(({ count }) => count > 0);
      expect(new Map(filled.map(({ start, values }) => [start.slice(0, 10), values]))).toEqual(
        countedBy(party.events, by),
      );
      const others = await this.buckets(party, `by=${by}&site=${foreign}`);
      expect(others.buckets.every(({ count, values }) => count === 0 && Object.keys(values).length === 0)).toBe(true);
    }
  };

  readonly stats = async (party: Party): Promise<void> => {
    const months = new Map<string, number>();
    for (const { day } of party.events) months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + 1);
    const answer = await this.both.asked(party, '/api/events-stats/?page_size=300');
    const shown = answer.json<{ year: number; month: number; count: number }[]>();
    expect(shown.map(({ year, month, count }) => [`${year}-${String(month).padStart(2, '0')}`, count])).toEqual(
      [...months].sort(([a], [b]) => (a < b ? 1 : -1)),
    );
  };

  /** What does not depend on what is stored is the same for everybody. */
  readonly same =
    (path: string) =>
    async (party: Party): Promise<void> => {
      const own = await this.both.asked(party, path);
      expect(own.text).toBe((await this.both.ask(this.both.otherThan(party), path)).text);
      expect(own.text).not.toMatch(/\b(north|south)\b/);
    };

  private async buckets(party: Party, query: string) {
    const answer = await this.both.asked(party, `/api/events/histogram/?${WINDOW}&${query}`);
    return answer.json<{ buckets: { start: string; count: number; values: Record<string, number> }[] }>();
  }

  /** The other's are like those that are nowhere, word for word, however they are named. */
  private async unknown(party: Party, pathOf: (name: string) => string): Promise<void> {
    const nowhere = await this.both.refused(party, pathOf('0'.repeat(32)), 404);
    for (const event of this.both.otherThan(party).events.slice(0, 15)) {
      for (const name of namesOf(event)) expect(await this.both.refused(party, pathOf(name), 404)).toBe(nowhere);
    }
  }

  /** A cursor leads on for whom it was made, and for what; for nobody and nothing else. */
  private async cursors(party: Party, path: string, otherFilter: string, size = 5): Promise<void> {
    const { headers } = await this.both.asked(party, `${path}?page_size=${size}`);
    const next = /<([^>]+)>; rel="next"/.exec(String(headers['link']))?.[1] ?? '';
    const cursor = new URL(next).searchParams.get('page') ?? '';
    expect(cursor).toMatch(/^2\.c/);
    for (const name of ['page', 'cursor']) {
      const query = `?page_size=${size}&${name}=${cursor}`;
      await this.both.asked(party, path + query);
      await this.both.refused(party, `${path}${query}&${otherFilter}`, 404);
      await this.both.refused(this.both.otherThan(party), path + query, 404);
    }
  }
}

function shares(events: readonly OwnEvent[], subject: string): number {
  return events.filter((event) => event.subject === subject).length;
}

/** By which an event can be asked for: its number, and its uuid in two spellings. */
function namesOf(event: OwnEvent | undefined): string[] {
  const { id = '', number = '' } = event ?? {};
  return [id, number, id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), id.toUpperCase()];
}

function countedBy(
  events: readonly OwnEvent[],
  by: (typeof HISTOGRAM_FIELDS)[number],
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const days = new Map<string, Record<string, number>>();
  for (const event of events) {
    const values = days.get(event.day) ?? {};
    days.set(event.day, values);
    const value = event[by] as string | null;
    if (value !== null) values[value] = (values[value] ?? 0) + 1;
  }
  return days;
}
