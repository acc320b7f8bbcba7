import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { INTAKE_LIMITS } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { readAnyBody, readBody } from './request-body.js';

const { inflated, inflationFree, inflationRatio } = INTAKE_LIMITS;
const PIECE = 16_384;

async function sizeOf(body: AsyncIterable<Buffer>): Promise<number> {
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return size;
}

const inPieces = (packed: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(packed.length / PIECE) }, (_, n) => packed.subarray(n * PIECE, (n + 1) * PIECE)),
    { objectMode: false },
  );

/** What does not shrink and then what shrinks to next to nothing, together about so many times their packed size. */
function packedTimes(ratio: number): { packed: Buffer; size: number } {
  const first = randomBytes(20_000);
  const zeros = first.length * (ratio - 1);
  const packed = Buffer.concat([gzipSync(first, { level: 0 }), gzipSync(Buffer.alloc(zeros), { level: 9 })]);
  return { packed, size: first.length + zeros };
}

describe.each([
  ['named gzip', (packed: Buffer) => readBody(inPieces(packed), 'gzip')],
  ['unnamed', (packed: Buffer) => readAnyBody(inPieces(packed))],
])('a compressed body, %s', (_, read) => {
  it('may unpack to so much, and no more', async () => {
    const stored = (size: number): Buffer => gzipSync(Buffer.alloc(size), { level: 0 });
    expect(await sizeOf(read(stored(inflated.value)))).toBe(inflated.value);
    await expect(sizeOf(read(stored(inflated.value + 1)))).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('may unpack to so many times its size, and no more', async () => {
    const below = packedTimes(inflationRatio.value);
    expect(below.size / below.packed.length).toBeGreaterThan(inflationRatio.value * 0.85);
    expect(below.size / below.packed.length).toBeLessThan(inflationRatio.value);
    expect(await sizeOf(read(below.packed))).toBe(below.size);
    const above = packedTimes(Math.ceil(inflationRatio.value * 1.2));
    expect(above.size / above.packed.length).toBeLessThan(inflationRatio.value * 1.15);
    await expect(sizeOf(read(above.packed))).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('may unpack to a little, however small it is', async () => {
    const zeros = (size: number): Buffer => gzipSync(Buffer.alloc(size), { level: 9 });
    expect(await sizeOf(read(zeros(inflationFree.value)))).toBe(inflationFree.value);
    await expect(sizeOf(read(zeros(inflationFree.value + 1)))).rejects.toMatchObject({ code: 'body_too_large' });
  });
});
