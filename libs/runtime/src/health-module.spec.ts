import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HealthModule } from './health-module.js';
import { createHttpApplication } from './http-application.js';
import { createLog } from './process-log.js';
import { Readiness, type ReadinessFinding } from './readiness.js';

const opened = vi.fn<(controller: object) => void>();
let app: NestFastifyApplication;

beforeEach(async () => {
  @Module({ imports: [HealthModule.forRoot(opened)] })
  class RootModule {}
  app = await createHttpApplication(RootModule, createLog('test', 'fatal'));
});

afterEach(() => app.close());

const ready = () => app.inject('/health/ready');

test('it is open as its root module says', () => {
  expect(opened).toHaveBeenCalled();
});

test('live is answered whatever is down', async () => {
  app.get(Readiness).register('kafka', () => ({ up: false, reason: 'away' }));
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
});

test('ready lists what is up', async () => {
  app.get(Readiness).register('kafka', () => Promise.resolve({ up: true }));
  const answer = await ready();
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ status: 'ok', details: { kafka: { status: 'up' } } });
});

test('one that is down makes it 503, with the reason', async () => {
  app.get(Readiness).register('kafka', () => ({ up: true }));
  app.get(Readiness).register('database', () => ({ up: false, reason: 'paused' }));
  const answer = await ready();
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json()).toMatchObject({
    status: 'error',
    details: { kafka: { status: 'up' }, database: { status: 'down', reason: 'paused' } },
  });
});

test('a check that throws is down, and its message stays inside', async () => {
  app.get(Readiness).register('database', () => {
    throw new Error('password=hunter2');
  });
  const answer = await ready();
  expect(answer.statusCode).toBe(503);
  expect(answer.body).not.toContain('hunter2');
});

test('a check that hangs is down', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    app.get(Readiness).register('database', () => new Promise<ReadinessFinding>(() => undefined));
    const answer = ready();
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1_000);
      expect(vi.getTimerCount()).toBe(0);
    });
    expect((await answer).json()).toMatchObject({ details: { database: { reason: 'did not answer in time' } } });
  } finally {
    vi.useRealTimers();
  }
});

test('a name is given once', () => {
  const readiness = app.get(Readiness);
  readiness.register('kafka', () => ({ up: true }));
  expect(() => readiness.register('kafka', () => ({ up: true }))).toThrow('kafka');
});
