import { STREAM_LIMITS } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { ClientQueue } from './client-queue.js';
import { QueuedBytes } from './queued-bytes.js';

const MESSAGES = STREAM_LIMITS.queuedMessages.value;
const BYTES = STREAM_LIMITS.clientBytes.value;
const ALL_BYTES = STREAM_LIMITS.queuedBytes.value;

const byte = (): Buffer => Buffer.alloc(1);

function queueOf(messages: readonly Buffer[], all = new QueuedBytes()): ClientQueue {
  const queue = new ClientQueue(all);
  for (const message of messages) expect(queue.enter(message)).toBe(true);
  return queue;
}

const bytes = (count: number): Buffer[] => Array.from({ length: count }, byte);

describe('the queue of a client', () => {
  it('holds so many messages and no more, until some have left', () => {
    const messages = bytes(MESSAGES);
    const queue = queueOf(messages);
    expect(queue.enter(byte())).toBe(false);
    queue.leave(messages[0] ?? expect.fail());
    expect(queue.enter(byte())).toBe(true);
    expect(queue.enter(byte())).toBe(false);
  });

  it('takes no more once it holds so many bytes; the last message may be of any length', () => {
    expect(queueOf([Buffer.alloc(BYTES - 1)]).enter(Buffer.alloc(BYTES))).toBe(true);
    expect(queueOf([Buffer.alloc(BYTES)]).enter(byte())).toBe(false);
  });

  it('has room for the past while little waits, and says when it has some again', async () => {
    expect(queueOf(bytes(200)).room()).toBeUndefined();
    const [first = byte(), second = byte(), ...others] = bytes(202);
    const queue = queueOf([first, second, ...others]);
    let isTold = false;
    const room = queue.room()?.then(() => (isTold = true));
    queue.leave(first);
    await Promise.resolve();
    expect(isTold).toBe(false);
    queue.leave(second);
    await room;
    expect(isTold).toBe(true);
    expect(queue.room()).toBeUndefined();
    expect(queueOf([Buffer.alloc(BYTES / 4)]).room()).toBeDefined();
  });
});

describe('the queues of all clients', () => {
  it('have no room for the past from half of their bytes on, until less waits', async () => {
    const all = new QueuedBytes();
    const [large, small] = [Buffer.alloc(ALL_BYTES / 2 - 1), Buffer.alloc(1)];
    const [other, queue] = [queueOf([large], all), queueOf([], all)];
    expect(queue.room()).toBeUndefined();
    queue.enter(small);
    const room = queue.room();
    expect(room).toBeDefined();
    other.leave(large);
    await room;
    expect(queue.room()).toBeUndefined();
  });

  it('count bytes once that wait for many', () => {
    const all = new QueuedBytes();
    const large = Buffer.alloc(ALL_BYTES / 2 - 1);
    const queues = [1, 2, 3].map(() => queueOf([large], all));
    expect(all.isFull).toBe(false);
    queues[0]?.leave(large);
    all.add(Buffer.alloc(1));
    expect(all.isFull).toBe(true);
  });

  it('end those who are behind when they hold too much, and nobody else', () => {
    const all = new QueuedBytes();
    const [behind, other] = [queueOf([Buffer.alloc(BYTES / 2)], all), queueOf([], all)];
    all.add(Buffer.alloc(ALL_BYTES));
    expect(behind.enter(byte())).toBe(false);
    expect(other.enter(byte())).toBe(true);
  });
});
