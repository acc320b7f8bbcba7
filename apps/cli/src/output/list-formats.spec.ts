import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseExact } from './exact-json.js';
import { LIST_FORMATS, printList, type ListFormat } from './list-formats.js';
import { Printer } from './printer.js';

const COLUMNS = [{ title: 'A', cell: ({ a }: { readonly a: unknown }) => String(a) }];

async function printed(pages: readonly (readonly object[])[], format: ListFormat): Promise<string> {
  const stream = new PassThrough();
  const rows = pages as readonly (readonly { readonly a: unknown }[])[];
  await printList(rows, format, new Printer(stream, 'never'), { columns: COLUMNS });
  return String(stream.read() ?? '');
}

it.each(LIST_FORMATS)('prints nothing but what there is, in %s, where there is nothing', async (format) => {
  expect(await printed([], format)).toBe(format === 'json' ? '[]\n' : '');
});

it('prints one JSON array of several pages', async () => {
  const text = await printed([[{ a: 1 }, { a: 'two\nlines' }], [{ a: { b: [] } }]], 'json');
  expect(JSON.parse(text)).toEqual([{ a: 1 }, { a: 'two\nlines' }, { a: { b: [] } }]);
});

it('prints a JSON document a line', async () => {
  expect(await printed([[{ a: 1 }], [{ a: 'two\nlines' }]], 'ndjson')).toBe('{"a":1}\n{"a":"two\\nlines"}\n');
});

it('prints YAML documents that YAML reads as they were, times as texts', async () => {
  const rows = [{ a: '2026-11-02T10:42:12.129166432Z' }, { a: 'yes', b: 'a: b', c: '- x', d: null }];
  const documents = parseAllDocuments(await printed([rows], 'yaml'));
  expect(documents.map((one) => one.toJS() as unknown)).toEqual(rows);
  expect(await printed([rows], 'yaml')).toContain('a: "2026');
});

it('prints CSV that keeps quotes, commas and lines, and that no spreadsheet runs', async () => {
  const rows = [
    { a: 'say "hi", you', b: 'two\nlines' },
    { a: '=HYPERLINK("x")', b: -5 },
  ];
  expect(await printed([rows], 'csv')).toBe('a,b\r\n"say ""hi"", you","two\nlines"\r\n"\'=HYPERLINK(""x"")",-5\r\n');
});

it('prints the header of CSV where there is no row, as far as it is known', async () => {
  const stream = new PassThrough();
  await printList([], 'csv', new Printer(stream, 'never'), { columns: COLUMNS, fields: ['a', 'b'] });
  expect(String(stream.read())).toBe('a,b\r\n');
});

it('keeps the digits of numbers that a double cannot hold', async () => {
  const row = parseExact('{"a":12345678901234567890,"b":0.5,"c":2}') as object;
  expect(await printed([[row]], 'ndjson')).toBe('{"a":12345678901234567890,"b":0.5,"c":2}\n');
  expect(await printed([[row]], 'csv')).toBe('a,b,c\r\n12345678901234567890,0.5,2\r\n');
  expect(parse(await printed([[row]], 'yaml'), { intAsBigInt: true })).toEqual({
    a: 12345678901234567890n,
    b: 0.5,
    c: 2n,
  });
});
