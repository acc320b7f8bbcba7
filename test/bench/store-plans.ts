import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { progress } from './figures.js';
import type { RecordedStatement } from './load-protocol.js';
import type { ShapeWorld } from './store-queries.js';
import type { Shape } from './store-shapes.js';

/** A plan over many partitions says the same of each. */
const MOST_LINES = 60;

/** Writes how PostgreSQL runs what the app asks it for each shape, of the first of its values. */
export async function writePlans(
  { databaseUrl, recorder }: ShapeWorld,
  asked: readonly Shape[],
  file: string,
): Promise<void> {
  progress('explaining every shape');
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string; version: string }>(
      `SELECT sum(count) AS count, current_setting('server_version') AS version FROM events.rollup WHERE unit = 2`,
    );
    const [about = { count: '0', version: '' }] = rows;
    const parts = [
      '# Query plans',
      `How PostgreSQL ${about.version} runs the app's own statements over ${Number(about.count).toLocaleString('en-US')} events, of one value of each shape; the second run, with its pages in memory. Written by \`npm run bench -- --only plans --plans docs/query-plans.md\`.`,
    ];
    for (const shape of asked) parts.push(await section(client, recorder, shape));
    writeFileSync(resolve(file), `${parts.join('\n\n')}\n`);
    progress(`the plans are in ${file}`);
  } finally {
    await client.end();
  }
}

async function section(client: Client, recorder: ShapeWorld['recorder'], { name, paths }: Shape): Promise<string> {
  const [path = ''] = paths;
  const parts = [`## ${name}`, `\`GET ${path}\``];
  try {
    for (const statement of await recorder.statementsOf(path)) parts.push(await explained(client, statement));
  } catch (error) {
    parts.push(`No plan: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parts.join('\n\n');
}

async function explained(client: Client, { text, values }: RecordedStatement): Promise<string> {
  let lines: string[] = [];
  for (let run = 0; run < 2; run += 1) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, [...values]);
    lines = rows.map((row) => row['QUERY PLAN']);
  }
  const neverRun = lines.filter((line) => line.includes('(never executed)')).length;
  const shown = lines.filter((line) => !/^\s*Planning:$/.test(line)).slice(0, MOST_LINES);
  const cut = lines.length - shown.length;
  return [
    '```text',
    ...shown,
    ...(cut > 1 ? [`… ${cut} more lines`] : []),
    '```',
    ...(neverRun > 0 ? ['', `${neverRun} nodes were never executed.`] : []),
  ].join('\n');
}
