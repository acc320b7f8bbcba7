import { Agent, request } from 'node:http';
import { writeFileSync } from 'node:fs';
import { hyphenated, scopeKey } from '@tidings/catalogue';
import { Client, Pool } from 'pg';
import { type Figure, percentile, progress } from './figures.js';
import { customerUuid, projectUuid, userUuid } from './store-templates.js';
import { AUTHORIZATION } from './world.js';

const IN_FLIGHT = 20;
const CALLS = 400;
const PAGE = 10;
/** A selective shape is never slower than this at its 99th percentile, milliseconds. */
const MOST_MS = 100;

/** A question as a client asks it, and the SQL of the page alone, which is the limit. */
interface Shape {
  readonly name: string;
  readonly query: string;
  readonly where: string;
}

const key = (value: string): string => `'${hyphenated(scopeKey('waldur', value))}'`;
const native = (name: string): string => `type_id = (SELECT id FROM events.event_type WHERE native_type = '${name}')`;
const CUSTOMER = `tenant = ${key(customerUuid(3))}`;
const CREATED = 'resource_creation_succeeded';

function shapes(): readonly Shape[] {
  const from = Math.floor(Date.now() / 1000) - 40 * 86_400;
  const to = from + 86_400;
  const window = `time >= to_timestamp(${from}) AND time < to_timestamp(${to})`;
  return [
    { name: 'newest page', query: '', where: 'true' },
    { name: 'customer', query: `customer_uuid=${customerUuid(3)}`, where: CUSTOMER },
    {
      name: 'small customer',
      query: `customer_uuid=${customerUuid(900)}`,
      where: `tenant = ${key(customerUuid(900))}`,
    },
    { name: 'project', query: `project_uuid=${projectUuid(3, 1)}`, where: `project = ${key(projectUuid(3, 1))}` },
    { name: 'user', query: `user_uuid=${userUuid(5)}`, where: `actor = ${key(userUuid(5))}` },
    { name: 'type', query: `event_type=${CREATED}`, where: native(CREATED) },
    {
      name: 'group',
      query: 'feature=customers',
      where: `type_id = ANY(ARRAY(SELECT id FROM events.event_type WHERE native_type LIKE 'customer\\_%'))`,
    },
    {
      name: 'system',
      query: 'system=ibm',
      where: `type_id = ANY(ARRAY(SELECT id FROM events.event_type WHERE system = 'ibm'))`,
    },
    { name: 'time window', query: `created_from=${from}&created_to=${to}`, where: window },
    {
      name: 'customer and type',
      query: `customer_uuid=${customerUuid(3)}&event_type=${CREATED}`,
      where: `${CUSTOMER} AND ${native(CREATED)}`,
    },
    {
      name: 'customer and time window',
      query: `customer_uuid=${customerUuid(3)}&created_from=${from}&created_to=${to}`,
      where: `${CUSTOMER} AND ${window}`,
    },
    { name: 'message', query: 'message=ticket%20123', where: `search_text LIKE '%ticket 123%'` },
    { name: 'q', query: 'q=number%20777', where: `search_text LIKE '%number 777%'` },
  ];
}

/**
 * Every shape at 20 requests in flight, beside its SQL through bare pg.
 * @param url of an api process
 * @param plans where the query plans are written to
 */
export async function queryFigures(url: string, databaseUrl: string, plans: string): Promise<readonly Figure[]> {
  const pool = new Pool({ connectionString: databaseUrl, max: IN_FLIGHT });
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const figures: Figure[] = [];
  try {
    for (const { name, query, where } of shapes()) {
      progress(`asking: ${name}`);
      const text = pageOf(where);
      const bare = await timesOf(async () => void (await pool.query({ name: `bench ${name}`, text })));
      const path = `/api/events/?page_size=${PAGE}${query === '' ? '' : `&${query}`}`;
      const ours = await timesOf(() => get(agent, url, path));
      figures.push(...compared(name, ours, bare));
      if (name === 'newest page') figures.push(rateFigure(ours));
    }
    writeFileSync(plans, await plansOf(databaseUrl));
    progress(`query plans are in ${plans}`);
  } finally {
    agent.destroy();
    await pool.end();
  }
  return figures;
}

/** How long the calls took, milliseconds, and all of them together. */
interface Times {
  readonly each: readonly number[];
  readonly all: number;
}

async function timesOf(call: () => Promise<void>): Promise<Times> {
  // Connections, plans and pages of the store are warmed up first.
  for (let n = 0; n < IN_FLIGHT; n += 1) await call();
  const each: number[] = [];
  const begin = performance.now();
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started++ < CALLS) {
      const at = performance.now();
      await call();
      each.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { each, all: performance.now() - begin };
}

function compared(name: string, ours: Times, bare: Times): readonly Figure[] {
  const [p50, p99, bare50, bare99] = [ours, bare].flatMap(({ each }) => [
    percentile(each, 0.5),
    percentile(each, 0.99),
  ]) as [number, number, number, number];
  const limit = 'its SQL through bare pg';
  return [
    {
      name: `list by ${name}, p50`,
      unit: 'ms',
      value: p50,
      limit: { of: limit, value: bare50 },
      aim: { text: 'within 2 ×', reached: p50 <= 2 * bare50 },
    },
    {
      name: `list by ${name}, p99`,
      unit: 'ms',
      value: p99,
      limit: { of: limit, value: bare99 },
      aim: { text: `within 3 ×, < ${MOST_MS} ms`, reached: p99 <= 3 * bare99 && p99 < MOST_MS },
    },
  ];
}

function rateFigure({ each, all }: Times): Figure {
  const value = (each.length / all) * 1000;
  return {
    name: `lists of the newest ${PAGE}`,
    unit: 'requests/s',
    value,
    aim: { text: '≥ 1,500 requests/s', reached: value >= 1_500 },
  };
}

function pageOf(where: string): string {
  return `SELECT id, type_id, message, data::text AS data FROM events.event WHERE ${where} ORDER BY id DESC LIMIT ${PAGE}`;
}

async function plansOf(databaseUrl: string): Promise<string> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const plans: string[] = [];
    for (const { name, where } of shapes()) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${pageOf(where)}`);
      plans.push(`## ${name}\n\n${pageOf(where)}\n\n${rows.map((row) => row['QUERY PLAN']).join('\n')}\n`);
    }
    return plans.join('\n');
  } finally {
    await client.end();
  }
}

function get(agent: Agent, url: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { agent, headers: AUTHORIZATION }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path} was answered with ${response.statusCode}`));
      });
    });
    sent.on('error', reject).end();
  });
}
