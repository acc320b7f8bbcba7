import { get } from 'node:http';
import { readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { AppProcess } from '../harness/app-process.js';
import { type Figure, progress } from './figures.js';
import { AUTHORIZATION } from './world.js';

/** The same JSON, written by COPY and thrown away. */
const BARE = `COPY (SELECT json_build_object('uuid', id, 'created', time, 'event_type', type_id, 'message', message,
  'context', data) FROM events.event ORDER BY id DESC) TO STDOUT`;

/** All events as NDJSON, beside a COPY of the same JSON; and the memory that it takes. */
export async function exportFigures(app: AppProcess, databaseUrl: string, events: number): Promise<readonly Figure[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    progress('copying all events as JSON');
    const bare = await rate(events, async () => {
      const stream = client.query(copyTo(BARE));
      stream.resume();
      await finished(stream);
    });
    progress('exporting all events');
    const before = residentMegabytes(app.pid);
    const exported = await rate(events, () => readExport(app.url));
    return [
      {
        name: 'export of everything',
        unit: 'events/s',
        value: exported,
        limit: { of: 'COPY … TO of the same JSON', value: bare },
        aim: { text: '≥ 0.7 ×', reached: exported >= 0.7 * bare },
      },
      { name: 'memory that the export added', unit: 'MB', value: residentMegabytes(app.pid) - before },
    ];
  } finally {
    await client.end();
  }
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (count / (performance.now() - begin)) * 1000;
}

function readExport(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(new URL('/api/events/export/', url), { headers: AUTHORIZATION }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The export was answered with ${response.statusCode}`));
      response.resume();
      response.on('end', resolve).on('error', reject);
    }).on('error', reject);
  });
}

function residentMegabytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) / 1024;
}
