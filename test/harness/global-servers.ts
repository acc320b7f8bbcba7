import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedServers, startEmbeddedServers } from './embedded-servers.js';
import { REPOSITORY } from './repository.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** host:port of the Kafka that all tests share. */
    readonly brokers: string;
    /** Of the PostgreSQL that all tests share; for tests' own databases see freshDatabase(). */
    readonly databaseUrl: string;
  }
}

let servers: EmbeddedServers | undefined;

/** Vitest runs this once before the first test that needs servers, and not at all where none does. */
export async function setup(project: TestProject): Promise<void> {
  // Tests start the apps as processes, from what is built; `npx vitest` alone does not build.
  const build = spawnSync(process.execPath, [join(REPOSITORY, 'tools', 'build.mjs')], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr);
  servers = await startEmbeddedServers({
    // Some two hundred test files leave their kafkaTopics behind; with the heap of `npm start` it ends in full collections.
    kafkaJvmFlags: ['-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    postgresSettings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  project.provide('brokers', servers.kafka.brokers.join(','));
  // The superuser's, since tests make databases.
  project.provide('databaseUrl', servers.postgres.ownerUrl);
}

/** Vitest runs this after the last test. */
export async function teardown(): Promise<void> {
  await servers?.stop();
}
