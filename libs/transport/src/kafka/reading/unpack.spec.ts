import { compress } from 'snappyjs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack, type Codec } from './unpack.js';

/** Forty small objects, and all bytes six hundred times: the texts that the samples hold. */
const TEXT = Array.from({ length: 40 }, (_, n) => `{"n":${n},"s":"${'ab'.repeat(n % 7)}"}`).join('');
const BYTES = Buffer.from(Array.from({ length: 600 * 256 }, (_, n) => n % 256));

/** Written by the reference implementations (python-lz4 4.4, python-zstandard 0.25), in base64. */
const SAMPLES: readonly (readonly [name: string, codec: Codec, content: Buffer, packed: string])[] = [
  [
    'lz4, blocks of their own',
    'lz4',
    Buffer.from(TEXT),
    'BCJNGGhANAMAAAAAAAAlOAEAAOF7Im4iOjAsInMiOiIifQ4AEjEOACNhYhAAFDIQAAUSABYzEgAFFAAYNBQABRYAGjUWAAUYABw2GAAFGgASNxoAA3wAEjgOAAUeABQ5EAAFEgATMb0AABMABhUABcQAAgIAA04AFzHLAAICAAQZAAnSAAICAAQbAAPZAAQPAAXSAAQRAAfLAAQTAAPEAApIAAXLAAICAAQsAAfSAAICAAMZABky2AACAgAEGwAD3gAEDwAF1gAEEQAHzgAEEwADxgAKSAAFzAACAgAELAAH0gACAgAEGQAJ2AACAgAEGwAD3gAEDwAF1gADEQAXM84ABBMAA8YACUgAFTPMAAICAAQsAAfSAAICAAQZAAnYAAICAAQbAAPeAAQPAAXWAAQRAAfOAAQTAAPGAApIAAXMAIBhYmFiYWIifQAAAAA=',
  ],
  [
    'lz4 with checksums and a size',
    'lz4',
    BYTES,
    'BCJNGHxAAFgCAAAAAADbCgIAAP/xAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/wAB////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////51D7/P3+/ykSZ0wKAgAA//EAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX29/j5+vv8/f7/AAH////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////nUPv8/f7/KRJnTGIBAAD/8QABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpbXF1eX2BhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp+goaKjpKWmp6ipqqusra6vsLGys7S1tre4ubq7vL2+v8DBwsPExcbHyMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8AAf///////////////////////////////////////////////////////////////////////////////////////////////////////////////////z9Q+/z9/v/4eSWiAAAAAEVXVIQ=',
  ],
  [
    'lz4 that repeats one byte',
    'lz4',
    Buffer.alloc(100_000, 'a'),
    'BCJNGGBAggsBAAAfYQEA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+dQYWFhYWGSAAAAH2EBAP///////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////w5QYWFhYWEAAAAA',
  ],
  [
    'zstd with its size',
    'zstd',
    Buffer.from(TEXT),
    'KLUv/WA0At0EAFJEDRKwJW1EGYADQykS2d07k4fOmFWJZ6/Tf38uTzxzmXzbY3HiWdE9k3hWdA/CBNrRooGMEgUEOiBgIy8GiKDPY5D2aEtTt69J2rl1Qj6bAduvJc3cuuZol1YLVM4iw7GzefC4YYfjhMTj3Bai4y2Sp+GYH7ZhzQIw800mbFxQwnGR43GtCNFtEcnLWszvlmhflYjckdFh40JK',
  ],
  [
    'zstd without a size, with a checksum',
    'zstd',
    Buffer.from(TEXT),
    'KLUv/QRY5QQAsgQOErAlbSj5UfCwUhLZ3TuTh86YVYlnr9N/fy5PPHOZfNtjceJZ0T0yiWdFdwAwoqPDoBUVVBDR0SE4IHAjLwaIoM9jkXa0S6vbryXt3Dopn82C7WuTNrddO9ql1fKUs8hg7GweOm7Y8TghkXG+Bej4FshTcMgdNh5kSXAyMeOCEo+LHBnXRYBuF4G8pIX8bgn2VYmQO2QshsYEEDmCRA==',
  ],
  [
    'zstd of a large window',
    'zstd',
    BYTES,
    'KLUv/QBoXAgABBAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX29/j5+vv8/f7/AQAA/f4D+ZoCVQAAAAEA/dcAgD0CAQ==',
  ],
  ['zstd that repeats one byte', 'zstd', Buffer.alloc(300_000, 'a'), 'KLUv/QBIVAAAEGFhAQD7/znAAgIAEGEDnwRh'],
];

async function unpacked(codec: Codec, packed: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpack(codec, packed)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As Java's client puts blocks together. */
function javaSnappy(...blocks: Buffer[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const framed = blocks.flatMap((block) => {
    const packed = compress(block);
    const length = Buffer.alloc(4);
    length.writeInt32BE(packed.length);
    return [length, packed];
  });
  return Buffer.concat([header, ...framed]);
}

describe('what a producer packed', () => {
  it.each(SAMPLES)('is unpacked: %s', async (_name, codec, content, packed) => {
    expect((await unpacked(codec, Buffer.from(packed, 'base64'))).equals(content)).toBe(true);
  });

  it('is unpacked: gzip, also beyond what unpacks in one go', async () => {
    const large = Buffer.alloc(9_000_000, 'x');
    expect((await unpacked('gzip', gzipSync(TEXT))).toString()).toBe(TEXT);
    expect((await unpacked('gzip', gzipSync(large))).equals(large)).toBe(true);
  });

  it("is unpacked: snappy, bare and in the stream of Java's client", async () => {
    expect((await unpacked('snappy', compress(Buffer.from(TEXT)))).toString()).toBe(TEXT);
    expect(
      (await unpacked('snappy', javaSnappy(BYTES, Buffer.from(TEXT)))).equals(
        Buffer.concat([BYTES, Buffer.from(TEXT)]),
      ),
    ).toBe(true);
  });

  it.each(SAMPLES)('is two of them behind each other, as one: %s', async (_name, codec, content, packed) => {
    const twice = Buffer.from(packed, 'base64');
    const both = await unpacked(codec, Buffer.concat([twice, twice]));
    expect(both.equals(Buffer.concat([content, content]))).toBe(true);
  });
});

describe('what is damaged', () => {
  const packings: readonly (readonly [Codec, Buffer])[] = [
    ['gzip', gzipSync(TEXT)],
    ['snappy', compress(Buffer.from(TEXT))],
    ['snappy', javaSnappy(Buffer.from(TEXT))],
    ...SAMPLES.map(([, codec, , packed]) => [codec, Buffer.from(packed, 'base64')] as const),
  ];

  it('ends with an error or with other bytes wherever it is cut off or changed, and never hangs', async () => {
    for (const [codec, packed] of packings) {
      for (let at = 0; at < packed.length; at += Math.ceil(packed.length / 40)) {
        await unpacked(codec, packed.subarray(0, at)).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
        const changed = Buffer.from(packed);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        await unpacked(codec, changed).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      }
    }
  });

  it('may not ask for more memory than a decoder may hold', async () => {
    // Frames that claim a window, and a snappy block that claims a length, of a gigabyte.
    const window = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3]), zeros(600)]);
    await expect(unpacked('zstd', window)).rejects.toThrow('at most 33554432 are held');
    await expect(unpacked('snappy', Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0]))).rejects.toThrow('too big');
  });

  it('may not ask for more time than a group waits for a member: tiny zstd blocks behind a large window', async () => {
    const window = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 15 << 3]);
    const [tiny, last] = [Buffer.from([1 << 3, 0, 0, 7]), Buffer.from([1, 0, 0])];
    const packed = Buffer.concat([window, zeros(256, false), ...Array.from({ length: 250_000 }, () => tiny), last]);
    await expect(unpacked('zstd', packed)).rejects.toThrow('too many blocks for windows of 33554432 bytes');
  });

  it('is an lz4 frame of linked blocks, which no broker takes', async () => {
    const header = Buffer.from('04224d184040c0', 'hex');
    await expect(unpacked('lz4', Buffer.concat([header, Buffer.alloc(4)]))).rejects.toThrow('are linked');
  });
});

/** So many zstd blocks that repeat a byte 131,071 times: the window that they fill is what counts. */
function zeros(blocks: number, isEnd = true): Buffer {
  const [more, last] = [(131_071 << 3) | 2, (131_071 << 3) | 3];
  return Buffer.concat(
    Array.from({ length: blocks }, (_, n) => {
      const block = Buffer.alloc(4);
      block.writeUIntLE(isEnd && n === blocks - 1 ? last : more, 0, 3);
      return block;
    }),
  );
}
