import { csvLine } from './csv.js';
import { isObject, stringifyExact, textOf } from './exact-json.js';
import type { Printer } from './printer.js';
import type { Column } from './table.js';

export const LIST_FORMATS = ['table', 'json', 'ndjson', 'csv', 'yaml'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** A list as it comes, in pages. */
export type Pages<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

export interface ListShape<T> {
  readonly columns: readonly Column<T>[];
  /** Of CSV; the members of the first row without it. */
  readonly fields?: readonly string[] | undefined;
  /** A table is neither cut nor shortened, however wide the terminal. */
  readonly wide?: boolean | undefined;
}

/**
 * Prints a list page by page, never all of it in memory.
 * @returns how many rows there were
 */
export async function printList<T extends object>(
  pages: Pages<T>,
  format: ListFormat,
  out: Printer,
  shape: ListShape<T>,
): Promise<number> {
  const textsOf = await writerOf<T>(format, out, shape);
  let count = 0;
  for await (const page of pages) {
    if (page.length === 0) continue;
    const isFirst = count === 0;
    count += page.length;
    await out.print(textsOf(page, isFirst));
  }
  if (format === 'json') await out.line(count === 0 ? '[]' : '\n]');
  if (format === 'csv' && count === 0 && shape.fields !== undefined) await out.print(csvLine(shape.fields));
  return count;
}

type PageWriter<T> = (page: readonly T[], isFirst: boolean) => string;

/** What is not needed is not loaded: a command is to answer at once. */
async function writerOf<T extends object>(
  format: ListFormat,
  out: Printer,
  { columns, fields, wide }: ListShape<T>,
): Promise<PageWriter<T>> {
  switch (format) {
    case 'table': {
      const { Table } = await import('./table.js');
      const { colours, width } = out;
      const table = new Table(columns, { colours, width: wide === true ? undefined : width });
      return (page) =>
        table
          .linesOf(page)
          .map((text) => `${text}\n`)
          .join('');
    }
    case 'json':
      return (page, isFirst) =>
        page
          .map((row, at) => `${isFirst && at === 0 ? '[' : ','}\n${stringifyExact(row, 2).replace(/^/gm, '  ')}`)
          .join('');
    case 'ndjson':
      return (page) => page.map((row) => `${stringifyExact(row)}\n`).join('');
    case 'yaml': {
      const { yamlText } = await import('./yaml.js');
      return (page) => page.map((row) => `---\n${yamlText(row)}`).join('');
    }
    case 'csv':
      return csvWriter(fields);
  }
}

function csvWriter<T extends object>(fields: readonly string[] | undefined): PageWriter<T> {
  let names = fields;
  return (page, isFirst) => {
    names ??= Object.keys(page[0] ?? {});
    const rows = page.map((row) => (names ?? []).map((name) => textOf(isObject(row) ? row[name] : undefined)));
    return [...(isFirst ? [names] : []), ...rows].map(csvLine).join('');
  };
}
