import { STREAM_LIMITS } from '@tidings/catalogue';
import { Metrics } from '@tidings/runtime';
import { expect, it } from 'vitest';
import { ClientStream, type StreamFormat, type StreamSink } from './client-stream.js';
import { Follower } from './follower.js';
import type { LiveEvent } from './live-events.js';
import type { LiveRow } from './live-row.js';
import { QueuedBytes } from './queued-bytes.js';
import { StreamMetrics } from './stream-metrics.js';

const FORMAT: StreamFormat = {
  name: 'websocket',
  event: () => Buffer.alloc(STREAM_LIMITS.clientBytes.value),
  reached: () => undefined,
};

/** Streams with one event each, together as much as may wait for all clients. */
function fullStreams(queued: QueuedBytes) {
  const count = STREAM_LIMITS.queuedBytes.value / STREAM_LIMITS.clientBytes.value;
  return Array.from({ length: count }, () => {
    const stream = new ClientStream(FORMAT, new StreamMetrics(new Metrics()), queued);
    const circle = { members: new Set<Follower>(), matches: () => true };
    const nothing = (): void => undefined;
    const follower = new Follower(stream, () => circle, { transaction: 0n, sequence: 0n }, nothing, nothing);
    const row = { position: { transaction: 1n, sequence: 1n } } as LiveRow;
    follower.give(row, () => ({}) as LiveEvent);
    return { stream, follower };
  });
}

/** A connection that never says what became of what it was given. */
const SILENT: StreamSink = { send: () => undefined, close: () => undefined };

it.each([
  ['is never opened', false, false],
  ['is left', true, false],
  ['is ended', true, true],
])('what waits for a stream counts no more once it %s', (_, isOpened, isEnded) => {
  const queued = new QueuedBytes();
  const streams = fullStreams(queued);
  expect(queued.isOver).toBe(true);
  for (const { stream, follower } of streams) {
    if (isOpened) stream.open(SILENT);
    if (isEnded) follower.end('slow');
    else follower.stop();
  }
  expect(queued.isFull).toBe(false);
  expect(queued.isOver).toBe(false);
});

it('what leaves late, or twice, counts once', () => {
  const queued = new QueuedBytes();
  const [first, ...others] = fullStreams(queued);
  const late: (() => void)[] = [];
  first?.stream.open({ ...SILENT, send: (_, done) => void late.push(done) });
  first?.follower.stop();
  const [other] = others;
  other?.stream.open({ send: (_, done) => late.push(done, done), close: () => undefined });
  for (const done of late) done();
  queued.add(Buffer.alloc(2 * STREAM_LIMITS.clientBytes.value - 1));
  expect(queued.isOver).toBe(false);
  queued.add(Buffer.alloc(1));
  expect(queued.isOver).toBe(true);
});
