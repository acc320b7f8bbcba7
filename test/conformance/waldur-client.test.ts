import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const SCRIPT = join(REPOSITORY, 'test', 'conformance', 'waldur_events.py');

const CUSTOMER = '47eaa0992cb6416d86dc283cf0480ff9';
const PROJECT = 'b1e6a2e2c9a14a0a9a3f2f1d3c4b5a69';
const USER = 'c0ffee00c0ffee00c0ffee00c0ffee00';
/** 2026-11-02T00:00:00Z, of the first event; each later one a second on. */
const FIRST_SECOND = 1_793_577_600;
const STORED = 350;

interface Answers {
  readonly list: readonly { uuid: string; event_type: string; message: string; context: object }[];
  readonly count: { readonly count: number };
  readonly head: number;
  readonly head_of_count: number;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly scope_types: readonly string[];
  readonly stats: readonly { year: number; month: number; count: number }[];
  readonly by_number: string;
  readonly by_uuid: string;
  readonly with_wrong_token: number;
  readonly unknown_number: number;
  readonly page_past_the_end: number;
  readonly filters: readonly number[];
  readonly heads: readonly number[];
}

const python = await pythonEnvironment();

describe.skipIf('missing' in python)('Waldur’s own Python client', { timeout: 180_000 }, () => {
  let standalone: OwnStandalone;

  beforeAll(async () => {
    standalone = await startOwnStandalone();
    await send(0, STORED);
    await until(async () => (await count()) === STORED, { what: 'all events to be stored' });
  });
  afterAll(() => standalone.stop());

  const authorized = () => ({ authorization: `Token ${standalone.token}` });

  /** Every fifth event is of a customer, every tenth of its project; every seventh is a user's. */
  function eventAt(position: number): object {
    const isCustomers = position % 5 === 0;
    return {
      created: new Date((FIRST_SECOND + position) * 1000).toISOString(),
      event_type: isCustomers ? 'customer_update_succeeded' : 'project_update_succeeded',
      message: `Number ${position} has ${isCustomers ? 'a customer' : 'none'}.`,
      context: {
        customer_uuid: isCustomers ? CUSTOMER : randomUUID().replaceAll('-', ''),
        ...(position % 10 === 0 && { project_uuid: PROJECT }),
        ...(position % 7 === 0 && { user_uuid: USER }),
      },
    };
  }

  async function send(from: number, to: number): Promise<void> {
    const body = Array.from({ length: to - from }, (_, index) => JSON.stringify(eventAt(from + index))).join('\n');
    const response = await fetch(`${standalone.app.url}/v1/ingest/waldur`, {
      method: 'POST',
      headers: { ...authorized(), 'content-type': 'application/x-ndjson' },
      body,
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  }

  async function count(): Promise<number> {
    const response = await fetch(`${standalone.app.url}/api/events/count/`, { headers: authorized() });
    return ((await response.json()) as { count: number }).count;
  }

  async function ask<T>(asked: object): Promise<T> {
    if ('missing' in python) throw new Error(python.missing);
    const env = { TIDINGS_URL: standalone.app.url, TIDINGS_TOKEN: standalone.token };
    const { code, stdout, stderr } = await python.run(SCRIPT, [JSON.stringify(asked)], env);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  const FILTERS: readonly (readonly [amount: number, filter: object])[] = [
    [70, { feature: ['customers'] }],
    [70, { event_type: ['customer_update_succeeded'] }],
    [STORED, { event_type: ['customer_update_succeeded', 'project_update_succeeded'] }],
    [0, { event_type: ['nobody_knows_this'] }],
    [10, { created_from: FIRST_SECOND + 10, created_to: FIRST_SECOND + 20 }],
    [70, { customer_uuid: CUSTOMER }],
    [35, { project_uuid: PROJECT }],
    [50, { user_uuid: USER }],
    [70, { message: 'HAS A CUSTOMER' }],
    [70, { scope: `https://waldur.example.org/api/customers/${CUSTOMER}/` }],
    [10, { customer_uuid: CUSTOMER, user_uuid: USER }],
  ];

  it('lists, counts, retrieves, filters and is refused as it is by a Waldur', async () => {
    const answers = await ask<Answers>({ number: 1, filters: FILTERS.map(([, filter]) => filter) });
    expect(answers.list).toHaveLength(5);
    expect(answers.list[0]).toMatchObject({ message: `Number ${STORED - 1} has none.` });
    expect(answers).toMatchObject({ count: { count: STORED }, head: STORED, head_of_count: STORED });
    expect(answers.groups['customers']).toContain('customer_update_succeeded');
    expect(answers.scope_types).toContain('structure.customer');
    expect(answers.stats).toEqual([{ year: 2026, month: 11, count: STORED }]);
    expect(answers.by_number).toMatch(/^[0-9a-f]{32}$/);
    expect(answers.by_uuid).toBe(answers.list[0]?.uuid.replaceAll('-', ''));
    expect(answers).toMatchObject({ with_wrong_token: 401, unknown_number: 404, page_past_the_end: 404 });
    expect(answers.filters).toEqual(FILTERS.map(([amount]) => amount));
    expect(answers.heads).toEqual(FILTERS.map(([amount]) => amount));
  });

  it('reads many pages while events arrive, without a gap or a double', async () => {
    const { all: before } = await ask<{ all: string[] }>({ all: {} });
    expect(new Set(before).size).toBe(before.length);
    expect(before.length).toBeGreaterThanOrEqual(STORED);
    let sent = STORED;
    let isRead = false;
    const sending = (async () => {
      while (!isRead) await send(sent, (sent += 5));
    })();
    const { all } = await ask<{ all: string[] }>({ all: {} }).finally(() => (isRead = true));
    await sending;
    expect(sent).toBeGreaterThan(STORED);
    expect(new Set(all).size).toBe(all.length);
    expect(before.filter((uuid) => !all.includes(uuid))).toEqual([]);
  });
});
