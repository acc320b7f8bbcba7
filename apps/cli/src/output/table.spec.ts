import pc from 'picocolors';
import { expect, it } from 'vitest';
import { Table, type Column } from './table.js';

interface Row {
  readonly id: string;
  readonly text: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'TEXT', cell: ({ text }) => text },
  { title: 'ID', cell: ({ id }) => id, whole: true },
];
const PLAIN = pc.createColors(false);
const ROWS = [
  { id: '0123456789', text: 'short' },
  { id: '1', text: 'a text that is much longer than the terminal' },
];

it('cuts nothing where nobody has to look at it', () => {
  expect(new Table(COLUMNS, { width: undefined, colours: PLAIN }).linesOf(ROWS)).toEqual([
    'TEXT                                          ID',
    'short                                         0123456789',
    'a text that is much longer than the terminal  1',
  ]);
});

it('cuts what may be cut, so that a line is no longer than the terminal is wide', () => {
  const lines = new Table(COLUMNS, { width: 30, colours: PLAIN }).linesOf(ROWS);
  expect(lines).toEqual(['TEXT                ID', 'short               0123456789', 'a text that is mu…  1']);
});

it('takes the short form of what does not fit, and leaves optional columns out before it cuts anything', () => {
  const columns: readonly Column<Row>[] = [
    { title: 'WHEN', cell: () => '2026-11-02T10:43:48Z', short: () => '10:43:48' },
    ...COLUMNS.slice(0, 1),
    { title: 'ID', cell: ({ id }) => id, optional: true },
    { title: 'MORE', cell: ({ id }) => `${id}${id}`, optional: true },
  ];
  const rows = [{ id: '0123456789', text: 'a text of 24 characters.' }];
  const linesAt = (width: number) => new Table(columns, { width, colours: PLAIN }).linesOf(rows)[1];
  expect(linesAt(80)).toBe('2026-11-02T10:43:48Z  a text of 24 characters.  0123456789  01234567890123456789');
  expect(linesAt(79)).toBe('10:43:48  a text of 24 characters.  0123456789  01234567890123456789');
  expect(linesAt(60)).toBe('10:43:48  a text of 24 characters.  0123456789');
  expect(linesAt(40)).toBe('10:43:48  a text of 24 characters.');
  expect(linesAt(30)).toBe('10:43:48  a text of 24 charac…');
});

it('keeps the widths of its first page, and says its titles once', () => {
  const table = new Table(COLUMNS, { width: undefined, colours: PLAIN });
  table.linesOf(ROWS.slice(0, 1));
  expect(table.linesOf([{ id: '2', text: 'next' }])).toEqual(['next   2']);
});

it('measures what a terminal shows, not what a string is long', () => {
  const wide = new Table(COLUMNS, { width: undefined, colours: PLAIN }).linesOf([
    { id: '1', text: '日本' },
    { id: '2', text: 'four' },
  ]);
  expect(wide).toEqual(['TEXT  ID', '日本  1', 'four  2']);
});

it('lets no text command the terminal, or break the line', () => {
  const [, line] = new Table(COLUMNS, { width: undefined, colours: PLAIN }).linesOf([
    { id: '1', text: 'red\u001b[31m\nnext\u009b2J\u202etxt' },
  ]);
  expect(line).toBe('red\\u001b[31m\\nnext\\u009b2J\\u202etxt  1');
});
