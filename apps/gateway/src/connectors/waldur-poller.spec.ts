import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectorGuard } from './connector-dialling.js';
import { ConnectorJournal } from './connector-journal.js';
import type { ConnectorSession } from './connector-session.js';
import { WaldurPoller } from './waldur-poller.js';

interface Listed {
  readonly uuid: string;
  readonly created: string;
}

const PAGE_SIZE = 3;
const created = (second: number): string => new Date(Date.UTC(2026, 10, 2, 12, 0, second)).toISOString();

let server: Server;
let events: Listed[];
/** What happens to the list before a question is answered. */
let before: (asked: number) => void;
/** Of the last page, which has no link to a next one. */
let lastLink: string | undefined;

beforeEach(async () => {
  let asked = 0;
  lastLink = undefined;
  server = createServer(({ url = '/' }, response) => {
    before((asked += 1));
    const query = new URL(url, 'http://x').searchParams;
    const from = Number(query.get('created_from')) * 1_000;
    const page = Number(query.get('page') ?? 1);
    const wanted = events.filter((one) => Date.parse(one.created) >= from);
    const shown = wanted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    const link =
      wanted.length > page * PAGE_SIZE
        ? { link: `<http://x/api/events/?page=${page + 1}>; rel="next"` }
        : lastLink === undefined
          ? {}
          : { link: lastLink };
    response.writeHead(200, { 'content-type': 'application/json', ...link }).end(JSON.stringify(shown));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function taken(): Promise<string[]> {
  const uuids: string[] = [];
  const flow: Pick<ConnectorSession['flow'], 'push' | 'whenEmpty'> = {
    push: (text) => uuids.push((JSON.parse(text.toString()) as Listed).uuid),
    whenEmpty: () => Promise.resolve(),
  };
  const session = {
    flow,
    journal: new ConnectorJournal(),
    position: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
  } as unknown as ConnectorSession;
  const poller = new WaldurPoller(
    {
      kind: 'waldur-poller',
      name: 'portal',
      site: 'main',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: 'secret',
      since: '2026-11-01T00:00:00Z',
      interval_seconds: 30,
      overlap_seconds: 60,
      page_size: PAGE_SIZE,
    },
    session,
    connectorGuard(),
  );
  await poller.attempt(new AbortController().signal);
  await poller.close();
  return uuids;
}

describe('a poller of Waldur’s events', () => {
  it('skips none where Waldur forgets the oldest while it reads', async () => {
    events = Array.from({ length: 20 }, (_, at) => ({ uuid: `e${at}`, created: created(at) }));
    before = (asked) => {
      if (asked > 1) events = events.slice(2);
    };
    expect(await taken()).toEqual(Array.from({ length: 20 }, (_, at) => `e${at}`));
  });

  it('is not held up by an event that is nested deeper than anybody reads: that is for the intake to put aside', async () => {
    let context: object = {};
    for (let level = 0; level < 600; level += 1) context = { context };
    const [first, second] = [0, 1].map((at) => ({ uuid: `e${at}`, created: created(at) }));
    events = [{ ...first, context } as unknown as Listed, second as Listed];
    before = () => undefined;
    expect(await taken()).toEqual(['e0', 'e1']);
  });

  it('is not held up by a link that is a long row of brackets', async () => {
    events = [{ uuid: 'e0', created: created(0) }];
    before = () => undefined;
    lastLink = '<'.repeat(250_000);
    expect(await taken()).toEqual(['e0']);
  });

  it('counts through what happened within one second', async () => {
    events = Array.from({ length: 11 }, (_, at) => ({ uuid: `e${at}`, created: created(at === 10 ? 1 : 0) }));
    before = () => undefined;
    expect(await taken()).toEqual(events.map(({ uuid }) => uuid));
  });
});
