import stringWidth from 'string-width';
import type { Printer } from './printer.js';
import { printable } from './printable.js';

/** A column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string;
  /** A shorter text, for a terminal that the whole table does not fit. */
  readonly short?: (row: T) => string;
  /** How a cell is shown where there are colours; it must not change the text. */
  readonly paint?: (text: string, row: T) => string;
  /** Keeps the whole text on a narrow terminal: an id that is cut is of no use. */
  readonly whole?: boolean;
  /** Is left out on a narrow terminal, the last such column first. */
  readonly optional?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

/**
 * Prints a table page by page. The first page decides how wide the columns are. In a pipe nothing is
 * cut; on a terminal that it does not fit, columns take their short form, optional ones are left out, and what is still
 * too wide is cut, the widest first.
 */
export class Table<T> {
  private widths: readonly number[] | undefined;

  constructor(
    private columns: readonly Column<T>[],
    private readonly out: Pick<Printer, 'width' | 'colours'>,
  ) {}

  /** @returns the page's lines, those of the first one with the titles before them */
  linesOf(rows: readonly T[]): string[] {
    const isFirst = this.widths === undefined;
    this.widths ??= this.layOut(rows);
    const { colours } = this.out;
    return [
      ...(isFirst ? [colours.bold(this.join(this.columns.map(({ title }) => title)))] : []),
      ...rows.map((row) =>
        this.join(
          this.columns.map((column) => textIn(column, row)),
          (text, at) => this.columns[at]?.paint?.(text, row) ?? text,
        ),
      ),
    ];
  }

  private join(texts: readonly string[], paint: (text: string, at: number) => string = (text) => text): string {
    const last = texts.length - 1;
    return texts
      .map((text, at) => paint(this.fitted(text, at, at === last), at))
      .join(GAP)
      .trimEnd();
  }

  private fitted(text: string, at: number, isLast: boolean): string {
    const width = this.widths?.[at] ?? 0;
    const taken = stringWidth(text);
    if (taken > width)
      return this.out.width === undefined || this.columns[at]?.whole === true ? text : cut(text, width);
    return isLast ? text : text + ' '.repeat(width - taken);
  }

  /** Chooses the columns and how wide each of them is. */
  private layOut(rows: readonly T[]): readonly number[] {
    const { width } = this.out;
    let widths = naturalWidths(this.columns, rows);
    if (width === undefined || lengthOf(widths) <= width) return widths;
    this.columns = this.columns.map((column) => ({ ...column, cell: column.short ?? column.cell }));
    widths = naturalWidths(this.columns, rows);
    while (lengthOf(widths) > width) {
      const last = this.columns.findLastIndex(({ optional }) => optional === true);
      if (last === -1) return this.narrowed(widths, width - GAP.length * (widths.length - 1));
      this.columns = this.columns.toSpliced(last, 1);
      widths = widths.toSpliced(last, 1);
    }
    return widths;
  }

  /** Takes from the widest columns until all fit. */
  private narrowed(natural: readonly number[], room: number): readonly number[] {
    const widths = [...natural];
    const mayShrink = (at: number): boolean => this.columns[at]?.whole !== true && (widths[at] ?? 0) > NARROWEST;
    for (let excess = widths.reduce((sum, one) => sum + one, 0) - room; excess > 0; excess -= 1) {
      let widest = -1;
      for (const at of widths.keys()) {
        if (mayShrink(at) && (widest === -1 || (widths[at] ?? 0) > (widths[widest] ?? 0))) widest = at;
      }
      if (widest === -1) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
    return widths;
  }
}

function textIn<T>({ cell }: Column<T>, row: T): string {
  return printable(cell(row));
}

function naturalWidths<T>(columns: readonly Column<T>[], rows: readonly T[]): number[] {
  return columns.map((column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(textIn(column, row))), stringWidth(column.title)),
  );
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
}

function cut(text: string, width: number): string {
  let kept = '';
  let taken = 0;
  for (const character of text) {
    const next = taken + stringWidth(character);
    if (next > width - 1) break;
    kept += character;
    taken = next;
  }
  return `${kept}…${' '.repeat(Math.max(0, width - 1 - taken))}`;
}
