import { describe, expect, test } from 'vitest';
import { HeldBytes } from './held-bytes.js';

describe('HeldBytes', () => {
  test('lets all requests together hold as much as the limit, and not a byte more', () => {
    const held = new HeldBytes(1_000);
    const [first, second] = [held.open(), held.open()];
    first.set(400);
    second.set(600);
    expect(() => first.set(401)).toThrow('Too much is in progress.');
    first.release();
    second.set(1_000);
    expect(() => second.set(1_001)).toThrow('Too much is in progress.');
    second.release();
    held.open().set(1_000);
  });

  test('never refuses a request that lets go of something', () => {
    const held = new HeldBytes(10);
    const share = held.open();
    expect(() => share.set(20)).toThrow();
    share.set(15);
    share.release();
    held.open().set(10);
  });
});
