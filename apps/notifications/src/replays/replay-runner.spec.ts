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

/** Replays one page for an instance with these scopes. @returns what it came down to */
async function replayOf(page: readonly StoredEvent[], scope: string, match: () => unknown = () => [].values()) {
  const steps: ReplayStep[] = [];
  const scopes = [parseScopePattern(scope) as ScopePattern];
  const instance = { id: 'i', name: 'i', scopes, sources: new Map<never, never>(), topics: [] };
  const configuration = { instances: new Map([['i', instance]]) } as unknown as Configuration;
  const replays = {
    take: vi.fn().mockResolvedValueOnce({ id: 'r', instance_id: 'i', subscription_id: 's', query: {}, cursor: null }),
    advance: (_replay: unknown, step: ReplayStep) => Promise.resolve(steps.push(step) > 0),
    release: () => Promise.resolve(),
  };
  const runner = new ReplayRunner(
    replays as unknown as ReplayRepository,
    { page: () => Promise.resolve({ events: page, next: undefined }) } as unknown as EventsClient,
    { matcher: () => ({ version: 1n, match }) } as unknown as CurrentMatcher,
    { current: () => configuration } as ConfigurationSource,
  );
  runner.onApplicationBootstrap();
  await vi.waitFor(() => expect(steps).toHaveLength(1), { timeout: 30_000 });
  await runner.beforeApplicationShutdown();
  return steps[0];
}

const LXD = stored('lxd', '/lxd/rack1', 'com.canonical.lxd.operation');
const WALDUR = stored('waldur', '/waldur/main', 'com.waldur.customer_creation_succeeded');

it('a replay counts nothing that its instance may not see', async () => {
  expect(await replayOf([LXD, WALDUR], 'lxd:rack1')).toMatchObject({ found: 1, events: [] });
});

it('an event that has the name of another system’s type is of its own system all the same', async () => {
  const named = stored('ibm', '/ibm/main', 'com.waldur.customer_creation_succeeded');
  expect(await replayOf([named], 'waldur:main')).toMatchObject({ found: 0 });
  expect(await replayOf([named], 'ibm:main')).toMatchObject({ found: 1 });
});

it('an event that breaks the rules, or that nobody can read, is left out and holds up no other', async () => {
  let matched = 0;
  const match = () => {
    matched += 1;
    if (matched === 1) throw new RangeError('too deep');
    return [].values();
  };
  const unknown = stored('nobody-knows', '/nobody-knows/main', 'x.y');
  expect(await replayOf([unknown, LXD, WALDUR], '*', match)).toMatchObject({ found: 2, events: [] });
  expect(matched).toBe(2);
});
