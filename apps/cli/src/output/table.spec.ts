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
