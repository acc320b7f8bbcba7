import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.js';

const key = (): string => randomBytes(32).toString('base64');

describe('a secret that is kept', () => {
  it('comes back as it was, and says nothing of itself where it lies', () => {
    const box = new SecretBox(key());
    const sealed = box.seal('päss word', 'destination:1');
    expect(sealed.includes(Buffer.from('word'))).toBe(false);
    expect(box.open(sealed, 'destination:1')).toBe('päss word');
  });

  it('is never sealed twice alike', () => {
    const box = new SecretBox(key());
    expect(box.seal('a', 'c').equals(box.seal('a', 'c'))).toBe(false);
  });

  it('opens neither with another key, nor in another place, nor changed by one bit', () => {
    const box = new SecretBox(key());
    const sealed = box.seal('secret', 'destination:1');
    expect(() => new SecretBox(key()).open(sealed, 'destination:1')).toThrow();
    expect(() => box.open(sealed, 'destination:2')).toThrow();
    for (const at of [1, 15, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open(changed, 'destination:1')).toThrow();
    }
  });
});

it('a key of another length is refused', () => {
  expect(() => new SecretBox('c2hvcnQ=')).toThrow(RangeError);
});
