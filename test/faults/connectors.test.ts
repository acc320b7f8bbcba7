import { randomInt, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type AppProcess, type ProcessEnvironment, startApp } from '../harness/app-process.js';
import { startEmbeddedServers, temporaryFolder } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { KafkaEvents } from '../integration/connectors/kafka-events.js';
import { lxdEvent, lxdPeer } from '../integration/connectors/stream-peer.js';
import { WaldurPeer } from '../integration/connectors/waldur-peer.js';
import { outage, say } from './outage.js';

const SECONDS = 60;
const TICK_MS = 20;
const INSTANCES = 7;
const TOKEN = 'a-token-of-the-peer';

it('no event of a peer is lost without a gap that tells of it, while gateways, peers and Kafka are killed', async () => {
  const folder = temporaryFolder();
  const servers = await startEmbeddedServers({});
  const lxd = await lxdPeer(join(folder, 'lxd.socket')).start();
  const waldur = await new WaldurPeer(TOKEN).start();
  const file = join(folder, 'connectors.json');
  const connectors = [
    { kind: 'lxd', name: 'rack1', socket: join(folder, 'lxd.socket') },
    { kind: 'waldur-poller', name: 'portal', url: waldur.url, token: TOKEN, interval_seconds: 1, page_size: 50 },
  ];
  writeFileSync(file, JSON.stringify({ connectors }));
  const prefix = freshPrefix();
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    KAFKA_PARTITIONS: '1',
    DATABASE_URL: servers.postgres.url,
    TIDINGS_PREFIX: prefix,
    TIDINGS_ADMIN_TOKEN: randomUUID(),
    TIDINGS_CONNECTORS: file,
    LOG_LEVEL: 'error',
  };
  const gateways: AppProcess[] = [];
  let kafka: KafkaEvents | undefined;
  try {
    // What happens before somebody listened for the first time was never promised.
    for (let n = 0; n < 2; n += 1) gateways.push(await startApp('gateway', env));
    await until(() => lxd.listeners > 0 && waldur.asked.length > 0);
    kafka = await KafkaEvents.of(servers.kafka.brokers.join(','), prefix);
    await until(() => kafka?.has('the-first') === true || void lxd.send(lxdEvent('the-first')), { interval: 500 });

    let isOver = false;
    const killing = keepKilling(
      gateways,
      env,
      () => lxd.listeners > 0,
      () => isOver,
    );
    const sentAt: number[] = [];
    const overcome: Promise<unknown>[] = [];
    const begin = Date.now();
    for (let tick = 0; Date.now() - begin < SECONDS * 1_000; tick += 1) {
      const n = sentAt.push(Date.now()) - 1;
      lxd.send(lxdEvent(`i${n % INSTANCES}-n${n}.`));
      if (tick % 5 === 0) waldur.add(`w${n}.`);
      if (tick % 600 === 300)
        overcome.push(
          lxd
            .kill()
            .then(async () => delay(700))
            .then(async () => lxd.start()),
        );
      if (tick % 800 === 500)
        overcome.push(
          waldur
            .kill()
            .then(async () => delay(700))
            .then(async () => waldur.start()),
        );
      if (tick === 1_200) overcome.push(outage('Kafka', servers.kafka));
      await delay(TICK_MS);
    }
    await Promise.all(overcome);
    isOver = true;
    const kills = await killing;
    const arrived = kafka;
    await until(() => waldur.events.every(({ message }) => arrived.has(message)), { timeout: 120_000, what: 'Waldur' });
    // Whoever listens now has told of every gap before.
    await until(() => arrived.has('the-last') || void lxd.send(lxdEvent('the-last')), {
      timeout: 120_000,
      interval: 500,
    });

    const gaps = arrived
      .data('io.tidings.connector.gap')
      .map(({ from, to }) => [Date.parse(String(from)), Date.parse(String(to))] as const);
    const missing = [...sentAt.entries()].filter(([n]) => !arrived.has(`-n${n}.`));
    const unreported = missing.filter(([, at]) => !gaps.some(([from, to]) => from <= at && at <= to));
    const reported = gaps.reduce((sum, [from, to]) => sum + to - from, 0);
    say(
      `${sentAt.length} events of LXD, ${missing.length} missed, ${unreported.length} of them in no gap; ` +
        `${gaps.length} gaps, ${Math.round(reported / 1_000)} s together; ${waldur.events.length} of Waldur, none missed; ` +
        `a gateway killed ${kills} times`,
    );
    expect(unreported).toEqual([]);
    expect(missing.length).toBeLessThan(sentAt.length / 2);
    for (let instance = 0; instance < INSTANCES; instance += 1) {
      const order = arrived.firstNumbers(new RegExp(`i${instance}-n(\\d+)\\.`));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await kafka?.stop();
    await Promise.all([lxd.kill(), waldur.kill()]);
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Kills one after another while somebody listens, and starts it again. @returns how often */
async function keepKilling(
  gateways: AppProcess[],
  env: ProcessEnvironment,
  isListening: () => boolean,
  isOver: () => boolean,
): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    await until(() => isListening() || isOver(), { timeout: 120_000 });
    await delay(randomInt(500, 6_000));
    if (isOver()) return kills;
    const which = randomInt(gateways.length);
    await gateways[which]?.stop('SIGKILL');
    // There is always another that stands by, as in production; and whoever ends because Kafka is away is started again.
    gateways[which] = await until(() => startApp('gateway', env), { timeout: 180_000, what: 'a gateway to come back' });
  }
}
