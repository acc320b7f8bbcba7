import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './json-depth.js';

describe('isNestedDeeper', () => {
  it('does not count brackets in strings', () => {
    const text = JSON.stringify({ text: `${'['.repeat(2_000)}"\\`, list: [['"[{']] });
    expect(isNestedDeeper(Buffer.from(text), 3)).toBe(false);
    expect(isNestedDeeper(Buffer.from(text), 2)).toBe(true);
  });
});
