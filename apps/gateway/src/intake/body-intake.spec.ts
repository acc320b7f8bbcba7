import { TransportError, type OutgoingRecord, type RecordPlace, type RecordPublisher } from '@tidings/transport';
import { describe, expect, it, vi } from 'vitest';
import { JsonSplitter } from '../body/json-splitter.js';
import { LineSplitter } from '../body/line-splitter.js';
import { BodyIntake, type EventStream } from './body-intake.js';
import { CHUNKING } from './chunk-sender.js';
import { DomainError, HeldBytes } from '@tidings/runtime';
import { InFlightBudget } from './in-flight-budget.js';
import type { Reading } from './reading.js';

/** A publisher whose every call waits to be settled by the test. */
class HeldPublisher implements RecordPublisher {
  readonly calls: { records: readonly OutgoingRecord[]; resolve: () => void; reject: (error: Error) => void }[] = [];

  publish(records: readonly OutgoingRecord[]): Promise<readonly RecordPlace[]> {
    return new Promise((resolve, reject) => this.calls.push({ records, resolve: () => resolve([]), reject }));
  }

  async close(): Promise<void> {}
}

class QuickPublisher implements RecordPublisher {
  readonly values: string[] = [];

  constructor(private readonly answer: (records: readonly OutgoingRecord[]) => Error | undefined = () => undefined) {}

  async publish(records: readonly OutgoingRecord[]): Promise<readonly RecordPlace[]> {
    this.values.push(...records.map(({ value }) => String(value)));
    const error = this.answer(records);
    if (error !== undefined) throw error;
    return [];
  }

  async close(): Promise<void> {}
}

const limits = { maxEventBytes: 1_000, publishDeadlineMs: 5_000 };

function intakeOf(publisher: RecordPublisher, budget = new InFlightBudget(10_000_000)): BodyIntake {
  return new BodyIntake(publisher, budget, new HeldBytes(1_000_000), limits, () => undefined);
}

/** `bad` is no JSON, everything else is accepted. */
function read(text: Buffer): Reading {
  const value = text.toString();
  if (value === 'bad') return { status: 'rejected', code: 'malformed_json', system: 's', problems: [] };
  return { status: 'accepted', system: 's', record: { kafkaTopic: 't', key: null, headers: {}, value } };
}

function lines(chunks: AsyncIterable<Buffer>): EventStream {
  return { chunks, splitter: new LineSplitter(1_000), read, system: 's', wanted: 'send something' };
}

function array(text: string): EventStream {
  const splitter = new JsonSplitter(1_000, { lines: true });
  return { chunks: bytes(text), splitter, read, system: 's', wanted: 'send something' };
}

async function* bytes(...texts: string[]): AsyncGenerator<Buffer, void> {
  for (const text of texts) yield Buffer.from(text);
}

const numbered = (amount: number): string => Array.from({ length: amount }, (_, index) => `${index}\n`).join('');

async function failureOf(taken: Promise<unknown>): Promise<DomainError> {
  const error = await taken.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error(`no DomainError: ${String(error)}`);
  return error;
}

describe('BodyIntake', () => {
  it('sends a long stream in order, chunk by chunk', async () => {
    const publisher = new QuickPublisher();
    const publish = vi.spyOn(publisher, 'publish');
    const answer = await intakeOf(publisher).takeStream(lines(bytes(numbered(2_345))));
    expect(answer).toMatchObject({ accepted: 2_345, rejected: 0, exceptions: [] });
    expect(publisher.values).toEqual(Array.from({ length: 2_345 }, (_, index) => String(index)));
    expect(publish.mock.calls.length).toBe(Math.ceil(2_345 / CHUNKING.records));
  });

  it('answers only after Kafka has acknowledged', async () => {
    const publisher = new HeldPublisher();
    let answered = false;
    const answer = intakeOf(publisher)
      .takeStream(lines(bytes('1\n2\n')))
      .finally(() => (answered = true));
    await vi.waitFor(() => expect(publisher.calls).toHaveLength(1));
    expect(answered).toBe(false);
    publisher.calls[0]?.resolve();
    expect(await answer).toMatchObject({ accepted: 2 });
  });

  it('stops reading while as much as allowed is on its way', async () => {
    const publisher = new HeldPublisher();
    let chunksRead = 0;
    async function* endless(): AsyncGenerator<Buffer, void> {
      for (; chunksRead < 100; chunksRead += 1) yield Buffer.from(numbered(CHUNKING.records));
    }
    const answer = intakeOf(publisher).takeStream(lines(endless()));
    await vi.waitFor(() => expect(publisher.calls).toHaveLength(CHUNKING.inFlight));
    expect(chunksRead).toBeLessThan(CHUNKING.inFlight + 2);
    for (let index = 0; index < 100; index += 1) {
      await vi.waitFor(() => expect(publisher.calls.length).toBeGreaterThan(index));
      publisher.calls[index]?.resolve();
    }
    expect(await answer).toMatchObject({ accepted: 100 * CHUNKING.records });
  });

  it('sends what a slow stream brought without waiting for more', async () => {
    const publisher = new HeldPublisher();
    let finish: (() => void) | undefined;
    async function* slow(): AsyncGenerator<Buffer, void> {
      yield Buffer.from('1\n2');
      await new Promise<void>((resolve) => (finish = resolve));
    }
    const answer = intakeOf(publisher).takeStream(lines(slow()));
    await vi.waitFor(() => expect(publisher.calls[0]?.records).toHaveLength(1));
    finish?.();
    await vi.waitFor(() => expect(publisher.calls).toHaveLength(2));
    for (const call of publisher.calls) call.resolve();
    expect(await answer).toMatchObject({ accepted: 2 });
  });

  it('lets the good ones through and lists the bad ones by position', async () => {
    const publisher = new QuickPublisher();
    const answer = await intakeOf(publisher).takeStream(lines(bytes(`1\nbad\n"${'x'.repeat(2_000)}"\n2\n`)));
    expect(publisher.values).toEqual(['1', '2']);
    expect(answer.events?.map(({ status, code }) => code ?? status)).toEqual([
      'accepted',
      'malformed_json',
      'event_too_large',
      'accepted',
    ]);
  });

  it('publishes nothing of an array that turns out to be no JSON', async () => {
    for (const text of ['[1,2', '[1,bad]', '[1 2]', '[1]x']) {
      const publisher = new QuickPublisher();
      expect((await failureOf(intakeOf(publisher).takeStream(array(text)))).code).toBe('malformed_json');
      expect(publisher.values).toEqual([]);
    }
  });

  it('tells of a long broken array what was acknowledged before it broke', async () => {
    const publisher = new QuickPublisher();
    const text = `[${numbered(CHUNKING.records + 1)
      .trim()
      .replaceAll('\n', ',')}`;
    const error = await failureOf(intakeOf(publisher).takeStream(array(text)));
    expect(error.code).toBe('malformed_json');
    expect(error.details.members).toMatchObject({ accepted: CHUNKING.records });
  });

  it('takes an empty array for no events, and an empty body for a mistake', async () => {
    expect(await intakeOf(new QuickPublisher()).takeStream(array('[]'))).toMatchObject({ accepted: 0, events: [] });
    for (const empty of ['', ' \n']) {
      const error = await failureOf(intakeOf(new QuickPublisher()).takeStream(array(empty)));
      expect(error.code).toBe('empty_body');
      expect(error.details.members).toEqual({ errors: [{ field: '', problem: 'send something' }] });
    }
  });

  it('turns away what Kafka finds too large, and keeps its neighbours', async () => {
    const publisher = new QuickPublisher(() => new TransportError('TOO_LARGE', { records: [1] }));
    const answer = await intakeOf(publisher).takeStream(lines(bytes('1\n2\n3\n')));
    expect(answer).toMatchObject({ accepted: 2, rejected: 1 });
    expect(answer.events?.[1]).toMatchObject({ position: 1, status: 'rejected', code: 'event_too_large' });
    const alone = await failureOf(
      intakeOf(new QuickPublisher(() => new TransportError('TOO_LARGE', { records: [0] }))).takeStream(
        lines(bytes('1')),
      ),
    );
    expect(alone.code).toBe('event_too_large');
  });

  it('says how much was acknowledged when Kafka stops doing so', async () => {
    const publisher = new HeldPublisher();
    async function* endless(): AsyncGenerator<Buffer, void> {
      for (;;) yield Buffer.from(numbered(CHUNKING.records));
    }
    const answer = failureOf(intakeOf(publisher).takeStream(lines(endless())));
    await vi.waitFor(() => expect(publisher.calls).toHaveLength(CHUNKING.inFlight));
    publisher.calls[1]?.reject(new TransportError('UNAVAILABLE'));
    for (const call of publisher.calls) call.resolve();
    const error = await answer;
    expect(error.code).toBe('partly_acknowledged');
    expect(error.details.members?.['accepted']).toBe((CHUNKING.inFlight - 1) * CHUNKING.records);
    expect(publisher.calls).toHaveLength(CHUNKING.inFlight);
    expect(error.details.members).not.toHaveProperty('events');
  });

  it('says that Kafka is not there when nothing was acknowledged', async () => {
    const publisher = new QuickPublisher(() => new TransportError('UNAVAILABLE'));
    expect((await failureOf(intakeOf(publisher).takeStream(lines(bytes('1\n'))))).code).toBe('broker_unavailable');
    expect((await failureOf(intakeOf(publisher).takeOne(read(Buffer.from('1'))))).code).toBe('broker_unavailable');
  });

  it('gives the budget back, whatever happens', async () => {
    const budget = new InFlightBudget(10_000);
    const failing = intakeOf(new QuickPublisher(() => new Error('unforeseen')), budget);
    await expect(failing.takeStream(lines(bytes('1\n')))).rejects.toThrow('unforeseen');
    await intakeOf(new QuickPublisher(), budget).takeStream(lines(bytes(numbered(1_200))));
    expect(budget.tryTake(10_000)).toBe(true);
  });

  it('turns a stream away when all of them together hold too much, and lets go of what it held', async () => {
    const held = new HeldBytes(1_000);
    const intake = new BodyIntake(new QuickPublisher(), new InFlightBudget(10_000), held, limits, () => undefined);
    const half = 'x'.repeat(600);
    let finish: (() => void) | undefined;
    async function* stopsInTheMiddle(): AsyncGenerator<Buffer, void> {
      yield Buffer.from(half);
      await new Promise<void>((resolve) => (finish = resolve));
    }
    const first = intake.takeStream(lines(stopsInTheMiddle()));
    await vi.waitFor(() => expect(finish).toBeDefined());
    expect((await failureOf(intake.takeStream(lines(bytes(half, half))))).code).toBe('overloaded');
    finish?.();
    expect(await first).toMatchObject({ accepted: 1 });
    expect(await intake.takeStream(lines(bytes(half, '\n')))).toMatchObject({ accepted: 1 });
  });

  it('does not wait for ever for room', async () => {
    const budget = new InFlightBudget(1_000);
    expect(budget.tryTake(1_000)).toBe(true);
    const intake = new BodyIntake(
      new QuickPublisher(),
      budget,
      new HeldBytes(1_000),
      { ...limits, publishDeadlineMs: 20 },
      () => undefined,
    );
    expect((await failureOf(intake.takeStream(lines(bytes('1\n'))))).code).toBe('overloaded');
  });
});
