import { readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { DataDirectory, EmbeddedKafka } from '@tidings/standalone';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cacheDirectory, temporaryFolder } from '../../harness/embedded-servers.js';
import { until } from '../../harness/until.js';
import { holdServer, runs } from './held-server.js';

let folder: string;
const opened: { stop(): Promise<void> }[] = [];

// One folder for all of them, since to make it takes longest: every test finds what an instance before it has left.
beforeAll(async () => {
  folder = temporaryFolder();
  const kafka = kafkaIn();
  await kafka.start();
  await topicsOf(kafka, ['one', 'two']);
  await stopAll();
});
afterEach(stopAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function stopAll(): Promise<void> {
  for (const { stop } of opened.splice(0)) await stop();
}

function kafkaIn(port = 0): EmbeddedKafka {
  const directory = DataDirectory.open(folder);
  const kafka = new EmbeddedKafka({ directory, cacheDirectory: cacheDirectory(), port });
  const stop = async (): Promise<void> => {
    await kafka.stop();
    directory.release();
  };
  opened.push({ stop });
  return kafka;
}

type Login = EmbeddedKafka['login'];

/** @param login null: none */
async function topicsOf(
  kafka: EmbeddedKafka,
  create: readonly string[] = [],
  login: Login | null = kafka.login,
): Promise<readonly string[]> {
  const options = { brokers: [...kafka.brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } };
  const sasl = login === undefined || login === null ? {} : { sasl: { mechanism: 'plain' as const, ...login } };
  const admin = new Kafka({ ...options, ...sasl }).admin();
  try {
    await admin.connect();
    if (create.length > 0) await admin.createTopics({ topics: create.map((topic) => ({ topic, numPartitions: 2 })) });
    return (await admin.listTopics()).sort();
  } finally {
    await admin.disconnect();
  }
}

it('takes requests as soon as it has started, and finds its topics again after a stop and after a crash', async () => {
  const kafka = kafkaIn();
  await kafka.start();
  await expect(topicsOf(kafka)).resolves.toEqual(['one', 'two']);
  const address = kafka.brokers;
  await kafka.kill();
  expect(kafka.pid).toBeUndefined();
  await kafka.start();
  expect(kafka.brokers).toEqual(address);
  await expect(topicsOf(kafka)).resolves.toEqual(['one', 'two']);
});

it('lets in who can read the data directory, and no other', async () => {
  const kafka = kafkaIn();
  await kafka.start();
  const variables = parseEnv(readFileSync(join(folder, 'kafka.env'), 'utf8'));
  const known = { username: variables['KAFKA_SASL_USERNAME']!, password: variables['KAFKA_SASL_PASSWORD']! };
  expect(variables).toMatchObject({ KAFKA_BROKERS: kafka.brokers.join(), KAFKA_SASL_MECHANISM: 'plain' });
  await expect(topicsOf(kafka, [], known)).resolves.toEqual(['one', 'two']);
  await expect(topicsOf(kafka, [], { ...known, password: 'guessed' })).rejects.toThrow(/authentication/i);
  await expect(topicsOf(kafka, [], { ...known, username: 'admin' })).rejects.toThrow(/authentication/i);
  await expect(topicsOf(kafka, [], null)).rejects.toThrow();
  const properties = readFileSync(join(folder, 'kafka', 'server.properties'), 'utf8');
  expect(properties).toContain('listener.security.protocol.map=BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT\n');
  // Nor has another account a way around the login; and as root, it does not run as root.
  for (const name of ['kafka.env', 'kafka-client.conf', 'kafka-password', 'kafka.log', 'kafka/server.properties']) {
    expect({ name, mode: statSync(join(folder, name)).mode & 0o077 }).toEqual({ name, mode: 0 });
  }
  expect(statSync(join(folder, 'kafka')).mode & 0o777).toBe(0o700);
  if (process.getuid?.() === 0) expect(statSync(`/proc/${kafka.pid}`).uid).not.toBe(0);
});

it('names the port and the variable when the port is in use, and leaves nothing running', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const kafka = kafkaIn(port);
    await expect(kafka.start()).rejects.toThrow(new RegExp(`^Port ${port} is in use.*EMBEDDED_KAFKA_PORT`));
    expect(kafka.pid).toBeUndefined();
  } finally {
    server.close();
  }
});

it('does not start in a data directory that another process holds', async () => {
  const held = await holdServer(folder, 'kafka');
  try {
    expect(() => DataDirectory.open(folder)).toThrow(`in use by another instance (process ${held.holderPid})`);
    expect(runs(held.serverPid)).toBe(true);
  } finally {
    await held.killHolder();
    const directory = DataDirectory.open(folder);
    await EmbeddedKafka.stopOrphan(directory);
    directory.release();
  }
});

it('stops the broker that a killed process left running, and goes on with its data', async () => {
  const held = await holdServer(folder, 'kafka');
  await held.killHolder();
  expect(runs(held.serverPid)).toBe(true);
  const kafka = kafkaIn();
  await kafka.start();
  await until(() => !runs(held.serverPid), { what: 'the orphan to be gone' });
  await expect(topicsOf(kafka)).resolves.toEqual(['one', 'two']);
});

it('gives up a start that is not wanted any more, and leaves nothing running', async () => {
  const kafka = kafkaIn();
  const abort = new AbortController();
  const starting = kafka.start(abort.signal);
  abort.abort();
  await expect(starting).rejects.toThrow(/abort/i);
  await kafka.stop();
  expect(kafka.pid).toBeUndefined();
});
