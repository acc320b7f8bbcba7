import { parseScopePattern, type ScopePattern } from '@tidings/access';
import { expect, it, vi } from 'vitest';
import type { Configuration, ConfigurationSource } from '../configuration/configuration.js';
import type { CurrentMatcher } from '../matching/current-matcher.js';
import type { EventsClient, StoredEvent } from '../stored-events/events-client.js';
import type { ReplayRepository, ReplayStep } from './replay.repository.js';
import { ReplayRunner } from './replay-runner.js';

function stored(system: string, source: string, type: string): StoredEvent {
  const event = { specversion: '1.0', id: source, source, type, time: '2026-11-02T08:01:53Z', data: {} };
  return { id: '0'.repeat(32), system, event, text: JSON.stringify(event) };
}

it('a replay counts nothing that its instance may not see', async () => {
  const page = [
    stored('lxd', '/lxd/rack1', 'com.canonical.lxd.operation'),
    stored('waldur', '/waldur/main', 'com.waldur.customer_creation_succeeded'),
  ];
  const steps: ReplayStep[] = [];
  const scope = parseScopePattern('lxd:rack1') as ScopePattern;
  const instance = { id: 'i', name: 'i', scopes: [scope], sources: new Map<never, never>(), topics: [] };
  const configuration = { instances: new Map([['i', instance]]) } as unknown as Configuration;
  const replays = {
    take: vi.fn().mockResolvedValueOnce({ id: 'r', instance_id: 'i', subscription_id: 's', query: {}, cursor: null }),
    advance: (_replay: unknown, step: ReplayStep) => Promise.resolve(steps.push(step) > 0),
    release: () => Promise.resolve(),
  };
  const runner = new ReplayRunner(
    replays as unknown as ReplayRepository,
    { page: () => Promise.resolve({ events: page, next: undefined }) } as unknown as EventsClient,
    { matcher: () => ({ version: 1n, match: () => [].values() }) } as unknown as CurrentMatcher,
    { current: () => configuration } as ConfigurationSource,
  );
  runner.onApplicationBootstrap();
  await vi.waitFor(() => expect(steps).toHaveLength(1), { timeout: 30_000 });
  await runner.beforeApplicationShutdown();
  expect(steps[0]).toMatchObject({ found: 1, events: [] });
});
