import 'reflect-metadata';
import { Controller, Module, UseFilters, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryTransport } from '../memory/memory-transport.js';
import type { RecordBatch } from '../port.js';
import { BatchContext } from './batch-context.js';
import { HandlerFailureFilter } from './handler-failure.filter.js';
import { LifecycleConsumerServer } from './lifecycle-consumer-server.js';
import { closestPattern } from './topic-pattern.js';

const seen: string[] = [];
let failuresLeft = 0;

@Controller()
@UseFilters(HandlerFailureFilter)
class RecordingController {
  @EventPattern<string>('lifecycle.*')
  async all(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    if (failuresLeft > 0) {
      failuresLeft -= 1;
      throw new Error('not now');
    }
    expect(context.getBatch()).toBe(batch);
    await context.getControl().heartbeat();
    seen.push(...batch.records.map(({ value }) => `${batch.kafkaTopic} ${value?.toString()}`));
  }

  @EventPattern<string>('lifecycle.lxd.*')
  lxd(@Payload() batch: RecordBatch): void {
    seen.push(...batch.records.map(({ value }) => `lxd ${value?.toString()}`));
  }
}

@Module({ controllers: [RecordingController] })
class RecordingModule {}

const running: INestApplicationContext[] = [];

async function start(transport: MemoryTransport): Promise<LifecycleConsumerServer> {
  const server = new LifecycleConsumerServer({ transport, prefix: 'team-', consume: { groupId: 'g' } });
  const app = await NestFactory.createMicroservice(RecordingModule, { strategy: server, logger: false });
  running.push(app);
  await app.listen();
  return server;
}

async function transportWith(...kafkaTopics: string[]): Promise<MemoryTransport> {
  const transport = new MemoryTransport();
  await transport.ensureTopics(kafkaTopics.map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 })));
  const publisher = await transport.createPublisher();
  await publisher.publish(kafkaTopics.map((kafkaTopic) => ({ kafkaTopic, key: 'k', value: 'v', headers: {} })));
  return transport;
}

describe('a Nest application that consumes', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
    seen.length = 0;
    failuresLeft = 0;
  });

  it('hands whole batches to the handler whose pattern says most, of its own prefix only', async () => {
    const transport = await transportWith(
      'team-lifecycle.waldur.users',
      'team-lifecycle.lxd.instances',
      'lifecycle.cds.runs',
      'team-other',
    );
    await start(transport);
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen.sort()).toEqual(['lxd v', 'team-lifecycle.waldur.users v']);
  });

  it('does not acknowledge a batch whose handler failed: it comes again', async () => {
    failuresLeft = 2;
    const transport = await transportWith('team-lifecycle.waldur.users');
    const server = await start(transport);
    await vi.waitFor(() => expect(seen).toEqual(['team-lifecycle.waldur.users v']), 5_000);
    expect(failuresLeft).toBe(0);
    await vi.waitFor(async () => expect((await server.consumption()?.lag())?.[0]?.lag).toBe(0n));
  });

  it('leaves the position alone as long as the handler fails', async () => {
    failuresLeft = Number.POSITIVE_INFINITY;
    const transport = await transportWith('team-lifecycle.waldur.users');
    const server = await start(transport);
    await vi.waitFor(() => expect(server.consumption()?.isJoined()).toBe(true));
    await running.pop()?.close();
    failuresLeft = 0;
    await start(transport);
    await vi.waitFor(() => expect(seen).toHaveLength(1), 5_000);
  });
});

describe('the pattern of a kafkaTopic', () => {
  it.each([
    [
      'lifecycle.lxd.instances',
      ['lifecycle.*', 'lifecycle.lxd.*', 'lifecycle.lxd.instances'],
      'lifecycle.lxd.instances',
    ],
    ['lifecycle.lxd.images', ['lifecycle.lxd.*', 'lifecycle.*', 'lifecycle.lxd.instances'], 'lifecycle.lxd.*'],
    ['lifecycle.lxd', ['lifecycle.lxd.*', 'lifecycle.*'], 'lifecycle.*'],
    ['other', ['lifecycle.*'], undefined],
    ['other', ['*'], '*'],
  ])('%s among %j is %s', (kafkaTopic, patterns, closest) => {
    expect(closestPattern(patterns, kafkaTopic)).toBe(closest);
  });
});
