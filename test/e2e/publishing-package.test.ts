import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApp, type AppProcess } from '../harness/app-process.js';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { runProgram, type ProgramResult } from '../harness/program.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import { WatchedProgram } from '../harness/watched-program.js';

/** What npm says where it cannot speak with the package index at all; anything else is a fault of ours. */
const NO_INDEX = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const AUTHORIZED = { authorization: `Token ${TOKEN}` };

const TYPE = 'com.waldur.customer_creation_succeeded';

/** The files of the page, by the titles of its blocks, and the README's service: what is tried here is what people read. */
const BLOCKS = new Map([
  ...titledBlocks(readFileSync(join(REPOSITORY, 'docs', 'PUBLISHING.md'), 'utf8')),
  ['src/readme.ts', blockBelow('## Publish from TypeScript', readFileSync(join(REPOSITORY, 'README.md'), 'utf8'))],
]);

const prefix = freshPrefix();
/** Outside of the repository, so that nothing of it is found by accident. */
const folder = temporaryFolder();
const service = join(folder, 'service');
const environment = { KAFKA_BROKERS: inject('brokers'), TIDINGS_PREFIX: prefix, NODE_PATH: undefined };

let database: FreshDatabase;
let events: AppProcess;
let missing: string | undefined;

/** In the service's folder, as somebody would type it. */
async function inService(program: string, ...args: string[]): Promise<ProgramResult> {
  return await runProgram(program, args, { cwd: service, env: environment });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(service, file)), { recursive: true });
  writeFileSync(join(service, file), text);
}

/** Mistakes of a producer; the page's own files are compiled along with them, without any. */
const WRONG = `import type { Publisher } from '@tidings/publishing';
import './shop.js';
export const wrong = (publisher: Publisher) => [
  publisher.publish('${TYPE}', { message: 'Somebody came.', context: { customer_name: 'Ada' } }),
  publisher.publish('com.waldur.customer_creation_succeded', {}),
  publisher.publish('com.example.shop.order_placed', { order: 7 }),
  publisher.publish('com.example.shop.order_placed', { order: '7' }),
];
`;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  // It makes the kafkaTopics, too.
  events = await startApp('events', {
    KAFKA_BROKERS: inject('brokers'),
    KAFKA_PARTITIONS: '1',
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: prefix,
    TIDINGS_ADMIN_TOKEN: TOKEN,
  });
  const packages = join(folder, 'packages');
  const packed = await runProgram(process.execPath, [join(REPOSITORY, 'tools', 'pack.mjs'), packages]);
  if (packed.code !== 0) throw new Error(packed.stderr);
  for (const [title, text] of BLOCKS) if (!title.endsWith('.spec.ts')) write(title, text);
  write('package.json', JSON.stringify({ name: 'crm', private: true, type: 'module' }));
  const installed = await inService(
    'npm',
    ...['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
    ...readdirSync(packages).map((file) => join(packages, file)),
    ...['@nestjs/common', '@nestjs/core', 'typescript', '@types/node'].map(asHere),
  );
  if (installed.code !== 0) {
    if (!NO_INDEX.test(installed.stderr)) throw new Error(installed.stderr);
    missing = 'The package index cannot be reached: nobody tries our packages in another repository.';
    process.stderr.write(`\n${missing}\n`);
  }
}, 300_000);

afterAll(async () => {
  await events.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a service in another repository', { timeout: 180_000 }, () => {
  it('compiles in strict mode against our declarations, and a wrong payload or type does not', async (context) => {
    if (missing !== undefined) context.skip(missing);
    // Once for all: what has mistakes is written all the same, and the compiler takes its time.
    write('src/wrong.ts', WRONG);
    const said = (await inService(process.execPath, 'node_modules/typescript/bin/tsc')).stdout;
    const errors = said.split('\n').filter((line) => line.includes('error TS'));
    expect(errors.map((line) => line.replace(/\(.*/, ''))).toEqual(['src/wrong.ts', 'src/wrong.ts', 'src/wrong.ts']);
    expect(errors[0]).toContain("Property 'customer_uuid' is missing");
    expect(errors[1]).toContain('com.waldur.customer_creation_succeded');
    expect(errors[2]).toContain("Type 'number' is not assignable to type 'string'");
  });

  it('gets no database with it, one Nest, and no sources', (context) => {
    if (missing !== undefined) context.skip(missing);
    const modules = join(service, 'node_modules');
    const installed = readdirSync(modules, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(modules.length + 1));
    expect(installed.filter((path) => /(^|node_modules\/)(typeorm|pg)$/.test(path))).toEqual([]);
    expect(installed.filter((path) => /(^|node_modules\/)@nestjs\/common$/.test(path))).toEqual(['@nestjs/common']);
    expect(installed.filter((path) => /^@tidings\/[^/]+\/src$/.test(path))).toEqual([]);
  });

  it('publishes, says where the event lies, a consumer of another process gets it, and the API has it', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const consumer = new WatchedProgram(process.execPath, [join(service, 'dist/consume.js')], environment);
    try {
      const { code, stdout, stderr } = await inService(process.execPath, 'dist/publish.js');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kafkaTopic: `${prefix}lifecycle.waldur.customers`,
        partition: expect.any(Number),
        offset: '0',
      });
      await until(() => consumer.stdout.includes('Welcome, Ada!'), { what: 'the consumer greets' });
      const answer = await until(async () => {
        const response = await fetch(`${events.url}/api/events/?system=waldur&site=crm`, { headers: AUTHORIZED });
        const found = (await response.json()) as unknown[];
        return found.length > 0 && found;
      });
      expect(answer).toMatchObject([{ event_type: 'customer_creation_succeeded', message: 'Ada is a customer.' }]);
    } finally {
      await consumer.stop();
    }
  });

  it('publishes an event type of its own, and is told of mistakes that the compiler cannot see', async (context) => {
    if (missing !== undefined) context.skip(missing);
    write(
      'dist/own.js',
      `import { NestFactory } from '@nestjs/core';
         import { Publisher } from '@tidings/publishing';
         import { TidingsTestingModule } from '@tidings/publishing/testing';
         import { systems } from './shop.js';
         const imports = [TidingsTestingModule.forRoot({ systems })];
         const app = await NestFactory.createApplicationContext({ module: class {}, imports }, { logger: false });
         await app.get(Publisher).publish('com.example.shop.order_placed', { order: '8' });
         const { payload, kafkaTopic } = app.get(TidingsTestingModule).expectPublished('com.example.shop.order_placed');
         const wrong = await app.get(Publisher).publish('com.example.shop.order_placed', { order: 8 }).catch((error) => error);
         console.log(JSON.stringify({ payload, kafkaTopic, code: wrong.code, retriable: wrong.retriable }));`,
    );
    const { stdout, stderr } = await inService(process.execPath, 'dist/own.js');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      payload: { order: '8' },
      kafkaTopic: 'lifecycle.shop.orders',
      code: 'INVALID_PAYLOAD',
      retriable: false,
    });
  });
});

/** A package in the version that this repository has: a newer one tomorrow must not make this test red. */
function asHere(name: string): string {
  const manifest = readFileSync(join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8');
  return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
}

/** @returns the first block of TypeScript under a heading */
function blockBelow(heading: string, page: string): string {
  const [, text] = /^```ts\n(.*?)^```$/ms.exec(page.slice(page.indexOf(heading))) ?? [];
  if (text === undefined) throw new Error(`no block of TypeScript below ${heading}`);
  return text;
}

/** @returns the texts of the fenced blocks that have a title, by their titles */
function titledBlocks(page: string): ReadonlyMap<string, string> {
  return new Map(
    [...page.matchAll(/^```\w+ title=(\S+)\n(.*?)^```$/gms)].map(([, title = '', text = '']) => [title, text]),
  );
}
