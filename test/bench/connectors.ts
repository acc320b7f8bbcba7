import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { until } from '../harness/until.js';
import { type Figure, progress } from './figures.js';
import type { LxdNews } from './lxd-process.js';
import { rate } from './publish.js';
import { AUTHORIZATION, type BenchWorld } from './world.js';

const EVENTS = 100_000;
const ROUNDS = 2;
const AIM = 5_000;
const PREFIX = 'conn.';

/** The LXD connector, its server in another process, beside reading the same messages and doing nothing with them. */
export async function connectorFigures(world: BenchWorld): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-bench-'));
  const server = fork(fileURLToPath(new URL('lxd-process.js', import.meta.url)));
  try {
    const port = await portOf(server);
    const bare = await bareRate(server, port);
    const file = join(folder, 'connectors.json');
    const connectors = [{ kind: 'lxd', name: 'bench', url: `http://127.0.0.1:${port}` }];
    writeFileSync(file, JSON.stringify({ connectors }));
    const transport = await world.topics(PREFIX);
    await transport.close();
    const env = { TIDINGS_PREFIX: PREFIX, TIDINGS_CONNECTORS: file };
    const listened = told(server, 'listened-to');
    const value = await world.withApp('gateway with an LXD connector', 'gateway', env, async ({ url }) => {
      await listened;
      let best = 0;
      for (let round = 1; round <= ROUNDS; round += 1) {
        progress(`${EVENTS} events of LXD through the connector, round ${round} of ${ROUNDS}`);
        // The first warms it up.
        best = await rate(EVENTS, async () => {
          server.send(EVENTS);
          await until(async () => (await taken(url)) >= EVENTS * round, { timeout: 120_000, interval: 100 });
        });
      }
      return best;
    });
    return [
      {
        name: 'LXD connector, WebSocket to Kafka',
        unit: 'events/s',
        value,
        limit: { of: 'ws reading the same messages', value: bare },
        aim: { text: `≥ ${AIM.toLocaleString('en-US')} events/s`, reached: value >= AIM },
      },
    ];
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bareRate(server: ChildProcess, port: number): Promise<number> {
  progress(`${EVENTS} events of LXD read by ws alone`);
  const listened = told(server, 'listened-to');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/1.0/events`, { perMessageDeflate: false });
  await listened;
  let count = 0;
  let wanted = 0;
  let done = (): void => undefined;
  socket.on('message', () => {
    count += 1;
    if (count === wanted) done();
  });
  let best = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    wanted = EVENTS * round;
    best = await rate(EVENTS, async () => {
      const all = new Promise<void>((resolve) => (done = resolve));
      server.send(EVENTS);
      await all;
    });
  }
  socket.terminate();
  return best;
}

/** How many events the connector says Kafka has. */
async function taken(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: AUTHORIZATION })).text();
  return Number(/^tidings_connector_events_total\{connector="bench"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

async function portOf(server: ChildProcess): Promise<number> {
  const [news] = (await once(server, 'message')) as [LxdNews];
  if (typeof news === 'object') return news.port;
  throw new Error('The server of LXD events did not say where it is');
}

async function told(server: ChildProcess, wanted: LxdNews): Promise<void> {
  for (;;) {
    const [news] = (await once(server, 'message')) as [LxdNews];
    if (news === wanted) return;
  }
}
