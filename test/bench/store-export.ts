import { get } from 'node:http';
import { finished } from 'node:stream/promises';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { AppProcess } from '../harness/app-process.js';
import { type Figure, percentile, progress } from './figures.js';
import { residentMegabytes } from './process-memory.js';
import { AUTHORIZATION } from './world.js';

/** The same JSON, made and written by PostgreSQL alone. */
const BARE = `COPY (SELECT json_build_object('uuid', replace(id::text, '-', ''), 'created', time,
    'event_type', native_type, 'message', message, 'context', coalesce(data -> 'context', data))
  FROM (SELECT id, time, type_id, message, data FROM events.event ORDER BY id DESC) AS event
  CROSS JOIN LATERAL (SELECT native_type FROM events.event_type WHERE id = event.type_id OFFSET 0) AS type) TO STDOUT`;
const SAMPLE_MS = 500;
const AIM = 0.7;
/** More than this between the first and the last third of an export, and memory would not be flat. */
const FLAT_MEGABYTES = 30;

/** All events as NDJSON, beside a COPY of the same JSON; and the memory that it takes while it runs. */
export async function exportFigures(app: AppProcess, databaseUrl: string): Promise<readonly Figure[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    progress('copying all events as JSON');
    const begin = performance.now();
    const copy = client.query(copyTo(BARE));
    let copied = 0;
    for await (const chunk of copy as AsyncIterable<Buffer>) copied += chunk.length;
    const bareSeconds = (performance.now() - begin) / 1000;
    progress(`${Math.round(copied / 1e6)} MB in ${bareSeconds.toFixed(0)} s; exporting all events`);
    const memory: number[] = [residentMegabytes(app.pid)];
    const sampling = setInterval(() => memory.push(residentMegabytes(app.pid)), SAMPLE_MS);
    const { lines, seconds } = await readExport(app.url).finally(() => clearInterval(sampling));
    const [ours, bare] = [lines / seconds, lines / bareSeconds];
    const third = Math.max(1, Math.floor(memory.length / 3));
    const grown = percentile(memory.slice(-third), 0.5) - percentile(memory.slice(0, third), 0.5);
    return [
      {
        name: `export of all ${lines.toLocaleString('en-US')} events`,
        unit: 'events/s',
        value: ours,
        limit: { of: 'COPY … TO of the same JSON', value: bare },
        aim: { text: `≥ ${AIM} ×`, reached: ours >= AIM * bare },
      },
      { name: 'resident memory of the export, before', unit: 'MB', value: memory[0] ?? Number.NaN },
      { name: 'resident memory of the export, at most', unit: 'MB', value: Math.max(...memory) },
      {
        name: 'resident memory of the export, last third over first',
        unit: 'MB',
        value: grown,
        aim: { text: `flat (< ${FLAT_MEGABYTES} MB)`, reached: grown < FLAT_MEGABYTES },
      },
    ];
  } finally {
    await client.end();
  }
}

async function readExport(url: string): Promise<{ lines: number; seconds: number }> {
  const begin = performance.now();
  let lines = 0;
  await new Promise<void>((resolve, reject) => {
    get(new URL('/api/events/export/', url), { headers: AUTHORIZATION }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The export was answered with ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => (lines += linesIn(chunk)));
      finished(response).then(resolve, reject);
    }).on('error', reject);
  });
  return { lines, seconds: (performance.now() - begin) / 1000 };
}

function linesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1;
  return count;
}
