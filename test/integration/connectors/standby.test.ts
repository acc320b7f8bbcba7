import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Client } from 'pg';
import { AppProcess, startApp } from '../../harness/app-process.js';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';
import type { Shown } from './connectors-world.js';
import { KafkaEvents } from './kafka-events.js';
import { lxdEvent, lxdPeer, type StreamPeer } from './stream-peer.js';
import { WaldurPeer } from './waldur-peer.js';

const ADMIN = 'a-token-for-tests-that-is-long-enough';
const TOKEN = 'a-token-of-the-peer';
const SECRET = 'x5JcVnR3bqW8kZ0mT7pYfD2h';

const folder = temporaryFolder();
const gateways: AppProcess[] = [];
let database: FreshDatabase;
let lxd: StreamPeer;
let waldur: WaldurPeer;
let kafka: KafkaEvents;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  lxd = await lxdPeer(join(folder, 'lxd.socket')).start();
  waldur = await new WaldurPeer(TOKEN).start();
  const file = join(folder, 'connectors.yaml');
  writeFileSync(
    file,
    [
      'connectors:',
      '  - { kind: lxd, name: rack1, socket: lxd.socket }',
      `  - { kind: waldur-hook, name: hook, site: portal, secret: ${SECRET} }`,
      `  - { kind: waldur-poller, name: portal, url: '${waldur.url}', token: ${TOKEN}, interval_seconds: 1 }`,
    ]
      .join('\n')
      .replace('lxd.socket', join(folder, 'lxd.socket')),
  );
  const prefix = freshPrefix();
  environment = {
    KAFKA_BROKERS: inject('brokers'),
    KAFKA_PARTITIONS: '1',
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: prefix,
    TIDINGS_ADMIN_TOKEN: ADMIN,
    TIDINGS_CONNECTORS: file,
  };
  gateways.push(await startApp('gateway', environment));
  kafka = await KafkaEvents.of(inject('brokers'), prefix);
}, 120_000);
afterAll(async () => {
  await kafka?.stop();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await Promise.all([lxd?.kill(), waldur?.kill()]);
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const connector = async (gateway: AppProcess | undefined, name: string): Promise<Shown> => {
  const answer = await fetch(`${gateway?.url}/api/connectors/${name}/`, {
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  return (await answer.json()) as Shown;
};

it('another gateway goes on where one was killed: its gap is told, and nothing that is remembered is lost', async () => {
  const [first] = gateways;
  await until(() => lxd.listeners === 1);
  const early = waldur.add('Before the kill.');
  await until(() => kafka.has('Before the kill.'));
  lxd.send(lxdEvent('before-the-kill'));
  await until(() => kafka.has('before-the-kill'));
  const second = await startApp('gateway', environment);
  gateways.push(second);
  // It stands by: the state that it shows is the other's.
  expect((await connector(second, 'rack1'))['holder']).toContain(`:${first?.pid}`);
  expect(lxd.listeners).toBe(1);

  const killedAt = Date.now();
  await first?.stop('SIGKILL');
  lxd.send(lxdEvent('while-nobody-listens'));
  waldur.add('While nobody asks.');
  await until(() => lxd.requests.length === 2 && lxd.listeners === 1);
  lxd.send(lxdEvent('after-the-kill'));
  await until(() => kafka.has('after-the-kill') && kafka.has('While nobody asks.'));

  const gap = await until(() => kafka.data('io.tidings.connector.gap')[0]);
  expect(gap).toMatchObject({ connector: 'rack1', reason: 'restarted' });
  expect(Date.parse(String(gap['from']))).toBeLessThanOrEqual(killedAt);
  expect(Date.parse(String(gap['to']))).toBeGreaterThan(killedAt);
  // What was remembered is not asked for in vain: it came once.
  expect(kafka.count(early.message)).toBe(1);
  expect(kafka.has('while-nobody-listens')).toBe(false);
  const taken = await until(async () => {
    const shown = await connector(second, 'rack1');
    return String(shown['holder']).endsWith(`:${second.pid}`) && shown.events === 2 ? shown : undefined;
  });
  expect(taken.state).toBe('running');
});

it('a gateway that is stopped in order lets another go on at once, and a pause outlives all of them', async () => {
  const [, second] = gateways;
  await fetch(`${second?.url}/api/connectors/rack1/pause/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  await until(() => lxd.listeners === 0);
  expect((await second?.stop())?.code).toBe(0);
  // As if it had been away for a minute: what was posted meanwhile nobody took.
  const client = new Client(database.url);
  await client.connect();
  await client.query(`UPDATE gateway.connector SET covered_until = covered_until - interval '1 minute'`);
  await client.end();
  const third = await startApp('gateway', environment);
  gateways.push(third);
  waldur.add('For the third.');
  await until(() => kafka.has('For the third.'));
  expect((await connector(third, 'rack1')).state).toBe('paused');
  const gaps = await until(() => {
    const found = kafka
      .data('io.tidings.connector.gap')
      .filter((gap) => gap['connector'] === 'hook' && Number(gap['seconds']) > 60);
    return found.length > 0 ? found : undefined;
  });
  expect(gaps).toContainEqual(expect.objectContaining({ reason: 'restarted', event_source: '/waldur/portal' }));

  expect(lxd.listeners).toBe(0);
});

it('a gateway does not start with a file that is wrong, and says what is', async () => {
  const file = join(folder, 'wrong.yaml');
  writeFileSync(file, 'connectors: [{kind: lxd, name: rack1, sockett: /s}]');
  const wrong = await AppProcess.spawn('gateway', { ...environment, TIDINGS_CONNECTORS: file });
  expect((await wrong.ended).code).toBe(1);
  expect(wrong.output).toContain('connectors[0].sockett: is no setting of a connector of the kind lxd');
  const { DATABASE_URL: _, ...without } = environment;
  const lone = await AppProcess.spawn('gateway', without);
  expect((await lone.ended).code).toBe(1);
  expect(lone.output).toContain('TIDINGS_CONNECTORS needs a database');
});
