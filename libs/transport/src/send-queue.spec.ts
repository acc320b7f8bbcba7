import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TransportError } from './errors.js';
import type { OutgoingRecord, RecordPlace } from './port.js';
import {
  DEFAULT_SEND_LIMITS,
  SendQueue,
  type RecordSender,
  type SendFailure,
  type SendLimits,
  type TopicRecords,
} from './send-queue.js';

/** One request as the broker saw it: `topic:value,value` for each kafkaTopic. */
type Request = readonly string[];

/** A broker by script: what it answers to each request is decided by the test. */
class ScriptedSender implements RecordSender {
  readonly requests: Request[] = [];
  readonly stored: string[] = [];
  inFlight = 0;
  mostInFlight = 0;
  closed = false;
  answer: (request: Request, attempt: number) => Promise<void> | void = () => undefined;

  async send(batches: readonly TopicRecords[]): Promise<readonly (readonly RecordPlace[])[]> {
    const request = batches.map(({ kafkaTopic, records }) => `${kafkaTopic}:${records.map(valueOf).join()}`);
    this.requests.push(request);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.answer(request, this.requests.length);
    } finally {
      this.inFlight -= 1;
    }
    return batches.map(({ kafkaTopic, records }) =>
      records.map((record) => ({
        partition: Number(kafkaTopic === 't'),
        offset: String(this.stored.push(valueOf(record)) - 1),
      })),
    );
  }

  failureOf(error: unknown): SendFailure {
    return (error as { failure: SendFailure }).failure;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** Long values are told by their first letters. */
function valueOf({ value }: OutgoingRecord): string {
  return String(value).slice(0, 8);
}

function failing(scope: SendFailure['scope'], code: SendFailure['code']): Error {
  return Object.assign(new Error(`${scope} ${code}`), { failure: { scope, code, cause: undefined } });
}

function record(value: string, kafkaTopic = 't'): OutgoingRecord {
  return { kafkaTopic, key: 'k', value, headers: {} };
}

function queueWith(limits: Partial<SendLimits> = {}): { sender: ScriptedSender; queue: SendQueue } {
  const sender = new ScriptedSender();
  return { sender, queue: new SendQueue(sender, { ...DEFAULT_SEND_LIMITS, ...limits }) };
}

/** A promise that the test settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function settled(work: Promise<unknown>): Promise<TransportError | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => error as TransportError,
  );
}

describe('the queue in front of a broker', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends one request at a time, and together what gathered meanwhile', async () => {
    const { sender, queue } = queueWith();
    const first = gate();
    sender.answer = (_request, attempt) => (attempt === 1 ? first.opened : undefined);
    const calls = [queue.publish([record('1')])];
    await vi.waitFor(() => expect(sender.requests).toHaveLength(1));
    calls.push(queue.publish([record('2'), record('3', 'u')]), queue.publish([record('4')]));
    first.open();
    await Promise.all(calls);
    expect(sender.requests).toEqual([['t:1'], ['t:2,4', 'u:3']]);
    expect(sender.mostInFlight).toBe(1);
  });

  it('sends together what is published in one turn', async () => {
    const { sender, queue } = queueWith();
    await Promise.all([queue.publish([record('1')]), queue.publish([record('2')])]);
    expect(sender.requests).toEqual([['t:1,2']]);
  });

  it('keeps a kafkaTopic’s part of a request under its limit, and a record above it alone', async () => {
    const { sender, queue } = queueWith({ topicBytes: 1_000 });
    const values = ['a', 'b', 'c'].map((letter) => letter.repeat(400));
    await queue.publish([
      ...values.map((value) => record(value)),
      record('d'.repeat(2_000)),
      record('e'),
      record('f', 'u'),
    ]);
    expect(sender.requests).toEqual([['t:aaaaaaaa,bbbbbbbb', 'u:f'], ['t:cccccccc'], ['t:dddddddd'], ['t:e']]);
  });

  it('keeps a request under its limit, and lets every kafkaTopic have its turn', async () => {
    const { sender, queue } = queueWith({ topicBytes: 500, requestBytes: 1_000 });
    const topics = ['a', 'b', 'c'];
    await queue.publish(topics.flatMap((topic) => [1, 2].map((n) => record(`${topic}${n}${'x'.repeat(400)}`, topic))));
    const served = sender.requests.map((request) => request.map((part) => part.charAt(0)).join(''));
    expect(served).toEqual(['ab', 'ca', 'bc']);
  });

  it('tries again until the broker is back, in the same order, and then acknowledges', async () => {
    const { sender, queue } = queueWith();
    sender.answer = (_request, attempt) => {
      if (attempt <= 3) throw failing('broker', 'UNAVAILABLE');
    };
    await Promise.all([queue.publish([record('1'), record('2')]), queue.publish([record('3')])]);
    expect(sender.requests).toHaveLength(4);
    expect(sender.stored).toEqual(['1', '2', '3']);
  });

  it('rejects at each call’s own deadline, and sends what may still wait without what gave up', async () => {
    const { sender, queue } = queueWith();
    let away = true;
    sender.answer = () => {
      if (away) throw failing('broker', 'UNAVAILABLE');
    };
    const hasty = settled(queue.publish([record('hasty')], { deadlineMs: 100 }));
    const patient = queue.publish([record('patient')], { deadlineMs: 10_000 });
    expect(await hasty).toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    away = false;
    await patient;
    expect(sender.stored).toEqual(['patient']);
  });

  it('rejects at the deadline although the broker neither answers nor fails', async () => {
    const { sender, queue } = queueWith();
    const never = gate();
    sender.answer = () => never.opened;
    const error = await settled(queue.publish([record('1')], { deadlineMs: 60 }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    never.open();
  });

  it('holds a bounded number of bytes, and takes more as soon as some are gone', async () => {
    const { sender, queue } = queueWith({ queuedBytes: 1_000 });
    const first = gate();
    sender.answer = (_request, attempt) => (attempt === 1 ? first.opened : undefined);
    const waiting = queue.publish([record('1'.repeat(700))]);
    expect(await settled(queue.publish([record('2'.repeat(700))]))).toMatchObject({
      code: 'QUEUE_FULL',
      retriable: true,
    });
    first.open();
    await waiting;
    await queue.publish([record('3'.repeat(700))]);
    expect(sender.stored).toEqual(['11111111', '33333333']);
  });

  it('gives the room of calls that gave up to others, while the broker is away', async () => {
    const { sender, queue } = queueWith({ queuedBytes: 1_000 });
    sender.answer = () => {
      throw failing('broker', 'UNAVAILABLE');
    };
    await settled(queue.publish([record('1'.repeat(900))], { deadlineMs: 50 }));
    const error = await settled(queue.publish([record('2'.repeat(900))], { deadlineMs: 50 }));
    expect(error?.code).toBe('UNAVAILABLE');
  });

  it('takes a call that is larger than all that may wait, when nothing waits', async () => {
    const { sender, queue } = queueWith({ queuedBytes: 100 });
    await queue.publish([record('1'.repeat(400))]);
    expect(sender.stored).toEqual(['11111111']);
  });

  it('refuses a record that no broker would take without asking one', async () => {
    const { sender, queue } = queueWith({ recordBytes: 1_000 });
    const error = await settled(queue.publish([record('1'), record('2'.repeat(2_000)), record('3')]));
    expect(error).toMatchObject({ code: 'TOO_LARGE', retriable: false, records: [1] });
    expect(sender.stored).toEqual(['1', '3']);
    expect((await settled(queue.publish([record('4'.repeat(2_000))])))?.records).toEqual([0]);
  });

  it('asks for each kafkaTopic by itself where one fails, and lets that one hold up no other', async () => {
    const { sender, queue } = queueWith();
    let down = true;
    sender.answer = (request) => {
      if (down && request.some((part) => part.startsWith('t:'))) throw failing('topic', 'UNAVAILABLE');
    };
    const slow = queue.publish([record('1')]);
    await queue.publish([record('2', 'u')]);
    await queue.publish([record('3', 'u')]);
    expect(sender.stored).toEqual(['2', '3']);
    down = false;
    await slow;
    expect(sender.stored).toEqual(['2', '3', '1']);
  });

  it('fails the calls of a kafkaTopic that is closed to us, at once, and only those', async () => {
    const { sender, queue } = queueWith();
    sender.answer = (request) => {
      if (request.some((part) => part.startsWith('t:'))) throw failing('topic-final', 'FORBIDDEN');
    };
    const [forbidden, other] = await Promise.all([
      settled(queue.publish([record('1')])),
      settled(queue.publish([record('2', 'u')])),
    ]);
    expect(forbidden).toMatchObject({ code: 'FORBIDDEN', retriable: false, kafkaTopics: ['t'] });
    expect(other).toBeUndefined();
  });

  it('waits a little for a kafkaTopic that may just have been made', async () => {
    const { sender, queue } = queueWith();
    sender.answer = (_request, attempt) => {
      if (attempt < 3) throw failing('topic', 'UNKNOWN_TOPIC');
    };
    await queue.publish([record('1')]);
    expect(sender.stored).toEqual(['1']);
  });

  it('finds the record to blame by halves, names it, and sends the others in order', async () => {
    const { sender, queue } = queueWith();
    sender.answer = (request) => {
      if (request.some((part) => part.includes('bad'))) throw failing('record', 'TOO_LARGE');
    };
    const values = ['0', '1', 'bad2', '3', '4', 'bad5', '6'];
    const [error, other] = await Promise.all([
      settled(queue.publish(values.map((value) => record(value)))),
      settled(queue.publish([record('7')])),
    ]);
    expect(error).toMatchObject({ code: 'TOO_LARGE', records: [2, 5] });
    expect(other).toBeUndefined();
    expect(sender.stored).toEqual(['0', '1', '3', '4', '6', '7']);
  });

  it('says where each record lies, in the order of the call, whatever was sent together and tried again', async () => {
    const { sender, queue } = queueWith({ topicBytes: 1_000 });
    sender.answer = (_request, attempt) => {
      if (attempt === 1) throw failing('broker', 'UNAVAILABLE');
    };
    const [first, second] = await Promise.all([
      queue.publish([record('1'), record('2', 'u'), record('3'.repeat(950))]),
      queue.publish([record('4', 'u')]),
    ]);
    expect(sender.stored).toEqual(['1', '2', '4', '33333333']);
    expect(first).toEqual([
      { partition: 1, offset: '0' },
      { partition: 0, offset: '1' },
      { partition: 1, offset: '3' },
    ]);
    expect(second).toEqual([{ partition: 0, offset: '2' }]);
  });

  it('lets nothing overtake what has to be tried again while it divides', async () => {
    const { sender, queue } = queueWith();
    sender.answer = (_request, attempt) => {
      if (attempt === 1) throw failing('record', 'TOO_LARGE');
      if (attempt === 2) throw failing('broker', 'UNAVAILABLE');
    };
    await queue.publish(['1', '2', '3', '4'].map((value) => record(value)));
    expect(sender.stored).toEqual(['1', '2', '3', '4']);
  });

  it('sends what waits before it closes, and then takes nothing', async () => {
    const { sender, queue } = queueWith();
    const call = queue.publish([record('1')]);
    await queue.close();
    await call;
    expect(sender.closed).toBe(true);
    expect(await settled(queue.publish([record('2')]))).toMatchObject({ code: 'CLOSED', retriable: true });
  });
});
