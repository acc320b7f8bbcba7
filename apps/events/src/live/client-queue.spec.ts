import { describe, expect, it } from 'vitest';
import { ClientQueue } from './client-queue.js';

const MESSAGES = 1_000;
const BYTES = 8_000_000;

function filled(messages: number, bytes = 1): ClientQueue {
  const queue = new ClientQueue();
  for (let count = 0; count < messages; count += 1) expect(queue.enter(bytes)).toBe(true);
  return queue;
}

describe('the queue of a client', () => {
  it('holds so many messages and no more, until some have left', () => {
    const queue = filled(MESSAGES);
    expect(queue.enter(1)).toBe(false);
    queue.leave(1);
    expect(queue.enter(1)).toBe(true);
    expect(queue.enter(1)).toBe(false);
  });

  it('holds so many bytes, or one message of any length', () => {
    const queue = filled(1, BYTES - 1);
    expect(queue.enter(2)).toBe(false);
    expect(queue.enter(1)).toBe(true);
    expect(filled(1, 2 * BYTES).enter(1)).toBe(false);
  });

  it('has room for the past while little waits, and says when it has some again', async () => {
    expect(filled(200).room()).toBeUndefined();
    const queue = filled(202);
    let isTold = false;
    const room = queue.room()?.then(() => (isTold = true));
    queue.leave(1);
    await Promise.resolve();
    expect(isTold).toBe(false);
    queue.leave(1);
    await room;
    expect(isTold).toBe(true);
    expect(queue.room()).toBeUndefined();
    expect(filled(1, BYTES / 4).room()).toBeDefined();
  });
});
