import { RECORD_LIMITS } from '@tidings/catalogue';
import { describe, expect, it, vi } from 'vitest';
import { readBatches, type AbortedTransaction } from './record-batches.js';
import type { FetchedRecord, Room } from './record-parser.js';
import { writtenBatch, type WrittenRecord } from './written-batch.js';

const MAX = RECORD_LIMITS.bytes.value;

interface Asked {
  readonly from?: number;
  readonly aborted?: readonly AbortedTransaction[];
  readonly maxRecordBytes?: number;
  readonly room?: Partial<Room>;
}

function read(bytes: Buffer, asked: Asked = {}): Promise<FetchedRecord[]> {
  const { from = 0, aborted = [], maxRecordBytes = MAX, room } = asked;
  return readBatches({ bytes, from, aborted }, maxRecordBytes, { bytes: 1e9, records: 1e9, unpacked: 1e9, ...room });
}

const values = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString() ?? null);
const places = (records: readonly FetchedRecord[]) =>
  records.map(({ offset, isMarker, unreadable }) => [Number(offset), isMarker ? 'marker' : (unreadable ?? 'read')]);
const numbered = (count: number): WrittenRecord[] => Array.from({ length: count }, (_, n) => ({ value: `v${n}` }));

describe('a batch', () => {
  it.each(['none', 'gzip'] as const)('gives its records with all that they have (%s)', async (codec) => {
    const records: WrittenRecord[] = [
      {
        key: 'k',
        value: 'v',
        timestampDelta: -7,
        headers: [
          ['a', 'x'],
          ['a', 'y'],
          ['b', ''],
          ['none', null],
          ['odd', Buffer.from([0x61, 0xff])],
          ['constructor', 'c'],
          ['__proto__', 'p'],
        ],
      },
      { key: null, value: null },
    ];
    const [first, second] = await read(writtenBatch(records, { firstOffset: 5, firstTimestamp: 1_000n, codec }));
    expect(first).toMatchObject({ offset: '5', timestamp: '993', key: Buffer.from('k'), value: Buffer.from('v') });
    expect(Object.entries(first?.headers ?? {})).toEqual([
      ['a', ['x', 'y']],
      ['b', Buffer.from('')],
      ['none', undefined],
      ['odd', Buffer.from([0x61, 0xff])],
      ['constructor', 'c'],
      ['__proto__', 'p'],
    ]);
    expect(second).toMatchObject({ offset: '6', timestamp: '1000', key: null, value: null, headers: {} });
  });

  it('gives each record its own headers, whatever the one before it had', async () => {
    const given: readonly (readonly (readonly [string, string | null])[])[] = [
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [['b', '2']],
      [
        ['b', '2'],
        ['b', '3'],
      ],
      [
        ['b', '2'],
        ['b', '33'],
        ['a', null],
      ],
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
      [],
      [
        ['a', '2'],
        ['b', '1'],
      ],
    ];
    const found = await read(writtenBatch(given.map((headers) => ({ headers }))));
    expect(found.map(({ headers }) => headers)).toEqual([
      { a: '1', b: '2' },
      { b: '2' },
      { b: ['2', '3'] },
      { b: ['2', '33'], a: undefined },
      { a: ['1', '3'], b: '2' },
      {},
      { a: '2', b: '1' },
    ]);
  });

  it.each([-1n, -1_000_000_000_000_000n, 9_223_372_036_854_775_807n])('may be stamped %s', async (firstTimestamp) => {
    const records = await read(writtenBatch(numbered(1), { firstTimestamp }));
    expect(records.map(({ timestamp }) => timestamp)).toEqual([String(firstTimestamp)]);
  });

  it('has the time of its appending where the broker stamps it', async () => {
    const records = await read(writtenBatch(numbered(2), { firstTimestamp: 1n, appendTime: 77n }));
    expect(records.map(({ timestamp }) => timestamp)).toEqual(['77', '77']);
  });

  it('is read from the offset that was asked for, and up to where it was cut off', async () => {
    const bytes = Buffer.concat([writtenBatch(numbered(4)), writtenBatch(numbered(3), { firstOffset: 4 })]);
    expect(places(await read(bytes.subarray(0, -1), { from: 2 }))).toEqual([
      [2, 'read'],
      [3, 'read'],
    ]);
  });

  it('moves the position behind what compaction has removed, and behind a batch of nothing', async () => {
    const bytes = Buffer.concat([
      writtenBatch([{ value: 'v' }], { lastOffset: 9 }),
      writtenBatch([], { firstOffset: 10, lastOffset: 19 }),
    ]);
    expect(places(await read(bytes))).toEqual([
      [0, 'read'],
      [9, 'marker'],
      [19, 'marker'],
    ]);
  });

  it('is handed on in parts where it holds more than there is room for', async () => {
    const bytes = writtenBatch(numbered(1_000), { codec: 'gzip' });
    const read1 = await read(bytes, { room: { records: 400 } });
    expect(values(read1)).toEqual(values(await read(bytes)).slice(0, 400));
    const read2 = await read(bytes, { from: 400, room: { bytes: 50 } });
    expect(read2.length).toBeGreaterThan(1);
    expect(read2.length).toBeLessThan(20);
    expect(read2[0]?.offset).toBe('400');
  });

  it('waits for the next fetch where enough was unpacked for this one, also of what was passed over', async () => {
    const large = writtenBatch([{ value: Buffer.alloc(3_000_000) }, { value: 'a' }], { codec: 'gzip' });
    const bytes = Buffer.concat([large, writtenBatch(numbered(1), { firstOffset: 2, codec: 'gzip' })]);
    const found = await read(bytes, { room: { unpacked: 2_000_000 } });
    expect(found.map(({ offset }) => offset)).toEqual(['0', '1']);
  });
});

describe('a transaction', () => {
  const inTransaction = { isTransactional: true, producerId: 7n };
  const marker = (firstOffset: number, type: 'abort' | 'commit') =>
    writtenBatch([{ key: Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]), value: Buffer.alloc(6) }], {
      ...inTransaction,
      firstOffset,
      isControl: true,
    });

  it('that was committed is read, and its marker moves the position', async () => {
    const bytes = Buffer.concat([writtenBatch(numbered(2), inTransaction), marker(2, 'commit')]);
    expect(places(await read(bytes))).toEqual([
      [0, 'read'],
      [1, 'read'],
      [2, 'marker'],
    ]);
    expect(places(await read(bytes, { from: 2 }))).toEqual([[2, 'marker']]);
  });

  it('that was aborted only moves the position; what others wrote between, and its producer behind it, is read', async () => {
    const bytes = Buffer.concat([
      writtenBatch(numbered(2), inTransaction),
      writtenBatch([{ value: 'other', key: Buffer.from([0, 0, 0, 0]) }], { firstOffset: 2 }),
      writtenBatch(numbered(1), { ...inTransaction, firstOffset: 3 }),
      marker(4, 'abort'),
      writtenBatch(numbered(1), { ...inTransaction, firstOffset: 5 }),
    ]);
    expect(places(await read(bytes, { aborted: [{ producerId: 7n, firstOffset: 0n }] }))).toEqual([
      [1, 'marker'],
      [2, 'read'],
      [3, 'marker'],
      [4, 'marker'],
      [5, 'read'],
    ]);
  });
});

describe('what cannot be read', () => {
  it.each(['none', 'gzip'] as const)(
    'is a record that is too large, beside neighbours that are read (%s)',
    async (codec) => {
      const records = [{ value: 'a' }, { value: 'x'.repeat(300) }, { value: 'y'.repeat(100) }, { value: 'z' }];
      const lengths = (await read(writtenBatch(records, { codec }))).map(({ value }) => value?.length);
      expect(lengths).toEqual([1, 300, 100, 1]);
      const found = await read(writtenBatch(records, { codec }), { maxRecordBytes: 200 });
      expect(places(found)).toEqual([
        [0, 'read'],
        [1, expect.stringMatching(/^is 30\d bytes long when unpacked; at most 200 are read$/)],
        [2, 'read'],
        [3, 'read'],
      ]);
    },
  );

  it('is passed over without being put together, however large it is', async () => {
    const records = [{ value: 'a' }, { value: Buffer.alloc(30_000_000) }, { value: 'z' }];
    const found = await read(writtenBatch(records, { codec: 'gzip' }));
    expect(values(found)).toEqual(['a', null, 'z']);
    expect(found[1]?.unreadable).toContain('at most 2097152 are read');
  });

  it('does not keep the process from its other work, and ends where a batch unpacks to more than anybody means', async () => {
    const { value: limit } = RECORD_LIMITS.batchBytes;
    // A record of twice the limit, in zstd blocks that repeat a zero 131,071 times; nothing is there behind it.
    const frame: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3])];
    frame.push(Buffer.from([5 << 3, 0, 0]), varint(limit * 2));
    for (let bytes = 0; bytes < limit * 2; bytes += 131_071) frame.push(Buffer.from([0xfa, 0xff, 0x0f, 0]));
    frame.push(Buffer.from([1, 0, 0]));
    const batch = writtenBatch([], { packed: Buffer.concat(frame), codecNumber: 4, count: 2, lastOffset: 1 });
    let [turns, now] = [0, 0];
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    const turning = setInterval(() => (turns += 1), 1);
    const found = await read(Buffer.concat([batch, writtenBatch(numbered(1), { firstOffset: 2 })]));
    clearInterval(turning);
    clock.mockRestore();
    expect(places(found)).toEqual([
      [0, `is ${limit * 2} bytes long when unpacked; at most ${MAX} are read`],
      [1, `is damaged: it unpacks to more than ${limit} bytes`],
      [2, 'read'],
    ]);
    expect(turns).toBeGreaterThan(0);
  });

  it('takes a record of exactly the limit', async () => {
    const [{ value } = {}] = await read(writtenBatch([{ value: Buffer.alloc(190) }]), { maxRecordBytes: 197 });
    expect(value?.length).toBe(190);
    const [{ unreadable } = {}] = await read(writtenBatch([{ value: Buffer.alloc(190) }]), { maxRecordBytes: 196 });
    expect(unreadable).toContain('197 bytes');
  });

  it('are headers of too great a number; as many as are allowed are read', async () => {
    const headers = (count: number) => Array.from({ length: count }, (_, n) => [`h${n}`, 'x'] as const);
    const { value: limit } = RECORD_LIMITS.headers;
    const [fit, unfit] = await read(writtenBatch([{ headers: headers(limit) }, { headers: headers(limit + 1) }]));
    expect(Object.keys(fit?.headers ?? {})).toHaveLength(limit);
    expect(fit?.unreadable).toBeUndefined();
    expect(unfit).toMatchObject({ headers: {}, unreadable: 'has 1025 headers; at most 1024 are read' });
  });

  it('is a damaged record, and not the one behind it', async () => {
    const bytes = writtenBatch([{ value: 'a' }, { value: 'b', key: 'k' }, { value: 'c' }]);
    // The length of the second one's key.
    const at = bytes.indexOf('k') - 1;
    bytes[at] = 0x7e;
    expect(places(await read(bytes))).toEqual([
      [0, 'read'],
      [1, 'is damaged: the bytes end too early'],
      [2, 'read'],
    ]);
  });

  it('is what is left of a batch that is damaged, as one record at its last offset; the next batch is read', async () => {
    const damaged = writtenBatch(numbered(50_000), { codec: 'gzip' });
    damaged.fill(0xff, damaged.length - 2_000);
    const found = await read(Buffer.concat([damaged, writtenBatch(numbered(1), { firstOffset: 50_000 })]));
    const [last, behind] = found.slice(-2);
    expect(found.length).toBeGreaterThan(1_000);
    expect(last).toMatchObject({
      offset: '49999',
      unreadable: expect.stringMatching(/^offsets \d+ to 49999 of its batch are damaged: /) as string,
    });
    expect(behind).toMatchObject({ offset: '50000', value: Buffer.from('v0') });
  });

  it.each([
    ['a compression that nobody knows', { codecNumber: 6 }, 'compression 6 is not known'],
    ['bytes that are not what they say', { codecNumber: 4 }, 'it is not a zstd frame'],
    ['a count of more than there is', { count: 9 }, 'it ends too early'],
  ])('is a batch of %s', async (_what, claims, reason) => {
    const batch = writtenBatch(numbered(3), { ...claims, lastOffset: 8 });
    const [last, behind] = (await read(Buffer.concat([batch, writtenBatch(numbered(1), { firstOffset: 9 })]))).slice(
      -2,
    );
    expect(last).toMatchObject({ offset: '8', unreadable: expect.stringContaining(reason) as string });
    expect(behind).toMatchObject({ offset: '9', value: Buffer.from('v0') });
  });

  it('is a message of an older format, by its offset', async () => {
    const bytes = writtenBatch(numbered(1));
    bytes.writeInt8(1, 16);
    const found = await read(Buffer.concat([bytes, writtenBatch(numbered(1), { firstOffset: 1 })]));
    expect(places(found)).toEqual([
      [0, 'is in message format 1; only format 2 is read'],
      [1, 'read'],
    ]);
  });

  it('never throws, whichever byte is changed, and never goes back', async () => {
    const bytes = Buffer.concat([
      writtenBatch([{ key: 'k', value: 'v', headers: [['a', 'b']] }, { value: 'w' }]),
      writtenBatch(numbered(3), { firstOffset: 2, codec: 'gzip' }),
    ]);
    for (let at = 8; at < bytes.length; at += 1) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        await expect(read(changed)).resolves.toBeInstanceOf(Array);
      }
    }
  });
});

/** The length of a record as Kafka writes it, in five bytes. */
function varint(length: number): Buffer {
  const zigzag = length * 2;
  return Buffer.from(
    [0, 7, 14, 21, 28].map((shift) => (Math.floor(zigzag / 2 ** shift) % 128) | (shift < 28 ? 0x80 : 0)),
  );
}
