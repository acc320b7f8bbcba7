import { type OutgoingRecord, type RecordPublisher, TransportError } from '@tidings/transport';
import { describe, expect, it } from 'vitest';
import type { Kept } from '../intake/reading.js';
import { ConnectorJournal } from './connector-journal.js';
import { FLOW, NativeFlow } from './native-flow.js';

/** Takes what it is given, unless the test says what to throw instead. */
class TestPublisher implements RecordPublisher {
  readonly taken: string[] = [];
  readonly calls: (readonly OutgoingRecord[])[] = [];
  answers: ((records: readonly OutgoingRecord[]) => Error | undefined)[] = [];

  async publish(records: readonly OutgoingRecord[]): Promise<never[]> {
    this.calls.push(records);
    const failure = this.answers.shift()?.(records);
    if (failure !== undefined) throw failure;
    this.taken.push(...records.map(({ value }) => String(value)));
    return [];
  }

  async close(): Promise<void> {}
}

const read = (text: Buffer): Kept => ({
  status: 'accepted',
  system: 'lxd',
  record: { kafkaTopic: 't', key: null, headers: {}, value: text },
});

function flowOf(publisher: RecordPublisher, maxEventBytes = 100) {
  const journal = new ConnectorJournal();
  const counted: string[] = [];
  const flow = new NativeFlow({
    ...{ publisher, journal, maxEventBytes, deadlineMs: 1_000, read },
    putAside: (beginning, problem) => ({
      status: 'dead_letter',
      system: 'lxd',
      record: { kafkaTopic: 'aside', key: null, headers: { problem }, value: beginning },
    }),
    count: (_system, status) => counted.push(status),
  });
  const push = (...texts: string[]): void => texts.forEach((text) => flow.push(Buffer.from(text), 1_000));
  return { flow, journal, counted, push };
}

const never = new AbortController().signal;

describe('a flow', () => {
  it('keeps the order, and covers no time before Kafka has what came in it', async () => {
    const publisher = new TestPublisher();
    publisher.answers = [() => new TransportError('UNAVAILABLE')];
    const { flow, journal, push } = flowOf(publisher);
    push('a', 'b');
    flow.mark(2_000);
    push('c');
    expect(journal.take().coveredUntil).toBeUndefined();
    await flow.whenEmpty(never);
    expect(publisher.taken).toEqual(['a', 'b', 'c']);
    const report = journal.take();
    expect(report).toMatchObject({ events: 3, failures: 1, rejected: 0 });
    expect(report.coveredUntil).toEqual(new Date(2_000));
    flow.mark(3_000);
    expect(journal.take().coveredUntil).toEqual(new Date(3_000));
  });

  it('is not held up by what Kafka refuses', async () => {
    const publisher = new TestPublisher();
    const tooLarge = () => new TransportError('TOO_LARGE', { records: [1] });
    const invalid = (records: readonly OutgoingRecord[]) =>
      records.some(({ value }) => String(value) === 'bad') ? new TransportError('INVALID_RECORD') : undefined;
    publisher.answers = [tooLarge, () => undefined, invalid, invalid, invalid, invalid, invalid];
    const { flow, journal, counted, push } = flowOf(publisher);
    push('a', 'large');
    await flow.whenEmpty(never);
    push('b', 'bad', 'c');
    await flow.whenEmpty(never);
    // What was refused comes again as a dead letter; this one is refused once more.
    expect(publisher.taken).toEqual(['large', 'b', 'c']);
    expect(publisher.calls[1]?.[0]).toMatchObject({ kafkaTopic: 'aside' });
    expect(counted).toEqual(['accepted', 'dead_letter', 'accepted', 'rejected', 'accepted']);
    expect(journal.take()).toMatchObject({ events: 4, rejected: 1 });
  });

  it('keeps the beginning of what is too large as a dead letter', async () => {
    const publisher = new TestPublisher();
    const { flow, journal, counted, push } = flowOf(publisher, 20_000);
    push('x'.repeat(20_000), 'x'.repeat(20_001));
    await flow.whenEmpty(never);
    expect(publisher.calls.flat().map(({ kafkaTopic }) => kafkaTopic)).toEqual(['t', 'aside']);
    expect(publisher.taken.map(({ length }) => length)).toEqual([20_000, 16_384]);
    // A copy: what waits for Kafka must not keep the whole in memory.
    expect((publisher.calls.flat()[1]?.value as Buffer).buffer.byteLength).toBe(16_384);
    expect(counted).toEqual(['accepted', 'dead_letter']);
    const { events, rejected, lastError } = journal.take();
    expect([events, rejected]).toEqual([2, 0]);
    expect(lastError?.message).toContain('TIDINGS_MAX_EVENT_BYTES');
  });

  it('says when the peer has to wait, and when there is room again', async () => {
    const publisher = new TestPublisher();
    const { flow, push } = flowOf(publisher);
    for (let n = 0; n < FLOW.waitingRecords; n += 1) push('x');
    expect(flow.isFull).toBe(true);
    await flow.whenRoom();
    expect(flow.isFull).toBe(false);
    await flow.whenEmpty(never);
    expect(publisher.taken).toHaveLength(FLOW.waitingRecords);
    expect(Math.max(...publisher.calls.map(({ length }) => length))).toBeLessThanOrEqual(FLOW.chunkRecords);
  });

  it('says that it could not hand over everything when it is stopped', async () => {
    const publisher = new TestPublisher();
    const { flow, journal, push } = flowOf({
      ...publisher,
      close: async () => {},
      publish: () => new Promise(() => {}),
    });
    push('a');
    flow.mark(2_000);
    const waiting = flow.whenEmpty(AbortSignal.timeout(50));
    await expect(waiting).rejects.toThrow(/timeout/i);
    expect(journal.take().coveredUntil).toBeUndefined();
  });
});
