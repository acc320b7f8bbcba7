import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusLine } from '@tidings/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JarSource, jarFileOf } from './jar-sources.js';
import { cachedKafkaJars, kafkaJarLock } from './kafka-jars.js';

const silence = new StatusLine({ write: () => true });
const contentOf = (coordinates: string): string => `the jar ${coordinates}`;
const lock = {
  kafka: '0.0.1',
  jars: ['com.example:one:1.0', 'com.example:two:2.0'].map((coordinates) => ({
    coordinates,
    sha256: createHash('sha256').update(contentOf(coordinates)).digest('hex'),
  })),
};

/** A source that brings what it is told to, and remembers what it was asked for. */
class PretendSource implements JarSource {
  readonly asked: string[][] = [];

  constructor(
    readonly name: string,
    private readonly bring: (coordinates: string) => string | undefined,
  ) {}

  async fetch(coordinates: readonly string[], folder: string): Promise<void> {
    this.asked.push([...coordinates]);
    for (const each of coordinates) {
      const content = this.bring(each);
      if (content === undefined) throw new Error(`${each} is nowhere`);
      writeFileSync(join(folder, jarFileOf(each)), content);
    }
  }
}

describe('cachedKafkaJars', () => {
  let cache: string;
  const ask = async (...sources: JarSource[]): Promise<readonly string[]> =>
    cachedKafkaJars(cache, silence, undefined, lock, sources);

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'tidings-cache-'));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  it('fetches what is missing once, and leaves nothing else behind', async () => {
    const source = new PretendSource('first', contentOf);
    const paths = await ask(source);
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(lock.jars.map((jar) => contentOf(jar.coordinates)));
    expect(readdirSync(join(cache, 'kafka-jars')).sort()).toEqual(['one-1.0.jar', 'two-2.0.jar']);
    await ask(source);
    expect(source.asked).toHaveLength(1);
  });

  it('asks the next source for what the first did not bring, and for nothing else', async () => {
    const first = new PretendSource('first', (jar) => (jar.includes('one') ? contentOf(jar) : undefined));
    const second = new PretendSource('second', contentOf);
    await ask(first, second);
    expect(second.asked).toEqual([['com.example:two:2.0']]);
  });

  it('takes no jar with another checksum, and says whose', async () => {
    const forger = new PretendSource('forger', (jar) => (jar.includes('two') ? 'something else' : contentOf(jar)));
    await expect(ask(forger)).rejects.toThrow(/com\.example:two:2\.0 has another checksum/);
    expect(readdirSync(join(cache, 'kafka-jars'))).toEqual(['one-1.0.jar']);
  });

  it('repairs a damaged cache', async () => {
    const source = new PretendSource('first', contentOf);
    const [path = ''] = await ask(source);
    writeFileSync(path, 'damaged');
    await ask(source);
    expect(readFileSync(path, 'utf8')).toBe(contentOf('com.example:one:1.0'));
    expect(source.asked[1]).toEqual(['com.example:one:1.0']);
  });

  it('says why each source failed, and what else can be done', async () => {
    const nobody = new PretendSource('nobody', () => undefined);
    const message = await ask(nobody).catch((error: Error) => error.message);
    expect(message).toMatch(/2 of the 2 jars of Kafka 0\.0\.1/);
    expect(message).toMatch(/nobody: com\.example:one:1\.0 is nowhere/);
    expect(message).toMatch(/KAFKA_BROKERS=/);
  });

  it('says so where the cache cannot be written to', async () => {
    writeFileSync(join(cache, 'kafka-jars'), 'a file in its place');
    await expect(ask(new PretendSource('first', contentOf))).rejects.toThrow(/cannot be written to.*TIDINGS_CACHE_DIR/);
  });

  it('serves two at once', async () => {
    const source = new PretendSource('first', contentOf);
    const [one, other] = await Promise.all([ask(source), ask(source)]);
    expect(one).toEqual(other);
  });
});

it('the lock names every jar once, with a checksum', () => {
  const { kafka, jars } = kafkaJarLock();
  expect(jars.map((jar) => jar.coordinates)).toContain(`org.apache.kafka:kafka_2.13:${kafka}`);
  expect(new Set(jars.map((jar) => jarFileOf(jar.coordinates))).size).toBe(jars.length);
  expect(jars.filter((jar) => !/^[0-9a-f]{64}$/.test(jar.sha256))).toEqual([]);
});
