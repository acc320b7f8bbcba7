import { TransportError, type OutgoingRecord } from '@tidings/transport';
import { describe, expect, it } from 'vitest';
import type { AnnouncementRepository, UnannouncedLetter } from './announcement.repository.js';
import { DeadLetterAnnouncer } from './dead-letter-announcer.js';

function letter(id: string): UnannouncedLetter {
  const place = { kafkaTopic: 'lifecycle.a.b', kafkaPartition: 1, kafkaOffset: id };
  return {
    id,
    reason: 'not_an_event',
    detail: 'It is not a CloudEvent.',
    ...place,
    key: null,
    value: null,
    headers: {},
  };
}

/** @param failure what the broker says of a call; undefined where it takes it */
function setUp(
  ids: readonly string[],
  failure: (records: readonly OutgoingRecord[], call: number) => Error | undefined,
) {
  const waiting = new Set(ids);
  const told: string[] = [];
  const reports: string[] = [];
  let topics = 0;
  let calls = 0;
  const repository: Pick<AnnouncementRepository, 'alone' | 'next' | 'markAnnounced'> = {
    alone: async (work) => {
      await work(undefined as never);
      return true;
    },
    next: () => Promise.resolve([...waiting].map(letter)),
    markAnnounced: (_, done) => {
      for (const id of done) waiting.delete(id);
      return Promise.resolve();
    },
  };
  const announcer = new DeadLetterAnnouncer({
    repository: repository as AnnouncementRepository,
    kafkaTopic: 'tidings.dead-letters',
    makeTopic: () => {
      topics += 1;
      return Promise.resolve();
    },
    report: (message) => reports.push(message),
    publisher: {
      publish: (records) => {
        calls += 1;
        const error = failure(records, calls);
        if (error !== undefined) return Promise.reject(error);
        told.push(...records.map(({ headers }) => String(headers['tidings-kafka-offset'])));
        return Promise.resolve([]);
      },
      close: () => Promise.resolve(),
    },
  });
  return { announcer, waiting, told, reports, topics: () => topics };
}

describe('dead letters', () => {
  it('are announced with their reason and place', async () => {
    const { announcer, waiting, told } = setUp(['1', '2'], () => undefined);
    await announcer.announce();
    expect(told).toEqual(['1', '2']);
    expect(waiting.size).toBe(0);
  });

  it('are announced once their kafkaTopic, which was deleted, has been made anew', async () => {
    const { announcer, told, topics } = setUp(['1'], (_, call) =>
      call === 1 ? new TransportError('UNKNOWN_TOPIC') : undefined,
    );
    await announcer.announce();
    expect(topics()).toBe(1);
    expect(told).toEqual(['1']);
  });

  it.each(['UNAVAILABLE', 'FORBIDDEN'] as const)('wait while Kafka says %s, which is said once', async (code) => {
    let isAway = true;
    const { announcer, waiting, told, reports } = setUp(['1'], () => (isAway ? new TransportError(code) : undefined));
    for (let round = 0; round < 3; round += 1) {
      announcer.wake();
      await announcer.settled();
    }
    expect(waiting.size).toBe(1);
    expect(reports).toHaveLength(1);
    isAway = false;
    announcer.wake();
    await announcer.settled();
    expect(told).toEqual(['1']);
    expect(reports).toHaveLength(2);
  });

  it.each(['TOO_LARGE', 'INVALID_RECORD'] as const)('that are %s for it are in the table only', async (code) => {
    const { announcer, waiting, told } = setUp(['1', '2', '3'], (records) =>
      records.some(({ headers }) => headers['tidings-kafka-offset'] === '2') ? new TransportError(code) : undefined,
    );
    await announcer.announce();
    expect(waiting.size).toBe(0);
    if (code === 'INVALID_RECORD') expect(told).toEqual(['1', '3']);
  });
});
