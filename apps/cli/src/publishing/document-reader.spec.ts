import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDocuments } from './document-reader.js';

async function read(...chunks: readonly string[]): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const batch of readDocuments(chunks.map((text) => Buffer.from(text)))) batches.push([...batch]);
  return batches;
}

it.each([
  ['a document', '{"a":1}', ['{"a":1}']],
  ['a document over lines', '{\n  "a": 1\n}\n', ['{\n  "a": 1\n}']],
  ['an array', '[{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}']],
  ['an array over lines', '[\n{"a":1},\n{"a":2}\n]', ['{"a":1}', '{"a":2}']],
  ['lines', '{"a":1}\n\n  \n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
  ['a last line without an end', '{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
  ['nothing', ' \n', []],
])('reads %s', async (_what, text, documents) => {
  expect((await read(text)).flat()).toEqual(documents);
});

it('hands over what has come, before there is more', async () => {
  expect(await read('{"a":1}\n{"a":', '2}\n{"a":3}\n')).toEqual([['{"a":1}'], ['{"a":2}', '{"a":3}']]);
});

it('reads the same however the bytes are cut', async () => {
  const text = '{"a":"ä€😀"}\n{"a":12345678901234567890}\n[{"a":3},{"a":4}]\n';
  const whole = (await read(text)).flat();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: Buffer.from(text).length }), { maxLength: 8 }), async (cuts) => {
      const bytes = Buffer.from(text);
      const ends = [...cuts.toSorted((one, other) => one - other), bytes.length];
      const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
      const found: string[] = [];
      for await (const batch of readDocuments(chunks)) found.push(...batch);
      expect(found).toEqual(whole);
    }),
  );
  expect(whole[1]).toBe('{"a":12345678901234567890}');
});

it('makes no batch of more than the server lists', async () => {
  const lines = [...Array(1_201).keys()].map((at) => `{"a":${at}}`).join('\n');
  expect((await read(lines)).map(({ length }) => length)).toEqual([500, 500, 200, 1]);
});

it.each([
  ['{"a":1}\n{"a":\n', 'Line 2 is not JSON'],
  ['{\n"a": 1', 'The input is not JSON'],
  ['name,value\n', 'The input is not JSON'],
])('refuses %j', async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({ exit: 'failed', message: expect.stringContaining(message) });
});
