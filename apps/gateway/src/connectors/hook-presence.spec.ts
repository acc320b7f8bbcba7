import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectorJournal } from './connector-journal.js';
import type { ConnectorRecord } from './connector-record.js';
import { HookPresence, PRESENCE } from './hook-presence.js';

const RECORD: ConnectorRecord = {
  ...{ name: 'hook', kind: 'waldur-hook', state: 'running', stateSince: new Date(0), holder: null, reportedAt: null },
  ...{ pausedAt: null, pausedBy: null, resumedAt: null, coveredUntil: null, lagSeconds: null },
  ...{ events: 0, rejected: 0, failures: 0, gaps: 0 },
  ...{ lastEventAt: null, lastEventTime: null, lastError: null, lastErrorAt: null },
};

/** What the database would keep, and what Kafka would get. */
let kept: ConnectorRecord;
let told: string[];
let isKafkaAway: boolean;
let now: number;

beforeEach(() => {
  kept = RECORD;
  told = [];
  isKafkaAway = false;
  now = 100_000;
});

function presence(): HookPresence {
  const repository = {
    cover: async (_name: string, look: (record: ConnectorRecord) => Promise<void>): Promise<void> => {
      await look(kept);
      kept = { ...kept, coveredUntil: new Date(now) };
    },
  };
  const gap = (from: number, to: number, reason: string) => ({
    ...{ kafkaTopic: 't', key: null, headers: {} },
    value: `${reason} ${from}-${to}`,
  });
  const publish = async ({ value }: { value: string | Buffer | null }): Promise<void> => {
    if (isKafkaAway) throw new Error('Kafka is away');
    told.push(String(value));
  };
  return new HookPresence('hook', new ConnectorJournal(), repository, gap, publish, now);
}

async function rounds(of: HookPresence, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await of.round(now);
    now += 1_000;
  }
}

describe('the presence of a hook', () => {
  it('has no gap where it begins, nor where another process takes over at once', async () => {
    await rounds(presence(), 3);
    now += 2_000;
    await rounds(presence(), 3);
    expect(told).toEqual([]);
  });

  it('has one where nobody was there for a while', async () => {
    await rounds(presence(), 3);
    now += 60_000;
    await rounds(presence(), 2);
    expect(told).toEqual(['restarted 102000-163000']);
  });

  it('has one where it stood still', async () => {
    const hook = presence();
    await rounds(hook, 2);
    now += PRESENCE.standstill + 1;
    await rounds(hook, 2);
    expect(told).toEqual(['restarted 101000-112001']);
  });

  it('has none while the database is away, for posts are taken all the same', async () => {
    const hook = presence();
    await rounds(hook, 2);
    const { coveredUntil } = kept;
    for (let n = 0; n < 60; n += 1) {
      await rounds(hook, 1);
      kept = { ...kept, coveredUntil };
    }
    await rounds(hook, 1);
    expect(told).toEqual([]);
  });

  it('has one for every pause, however short', async () => {
    const hook = presence();
    await rounds(hook, 2);
    now += 500;
    hook.paused(now);
    kept = { ...kept, resumedAt: new Date(now) };
    await rounds(hook, 2);
    expect(told).toEqual(['paused 101000-102500']);
  });

  it('has one for what Kafka did not take, told when Kafka is back', async () => {
    const hook = presence();
    await rounds(hook, 1);
    hook.missed(now);
    isKafkaAway = true;
    now += 1_000;
    await expect(hook.round(now)).rejects.toThrow('Kafka is away');
    now += 4_000;
    isKafkaAway = false;
    await rounds(hook, 2);
    expect(told).toEqual(['not_taken 101000-106000']);
  });
});
