import stringWidth from 'string-width';
import type { Printer } from './printer.js';
import { printable } from './printable.js';

/** A column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string;
  /** How a cell is shown where there are colours; it must not change the text. */
  readonly paint?: (text: string, row: T) => string;
  /** Keeps the whole text on a narrow terminal: an id that is cut is of no use. */
  readonly whole?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

/**
 * Prints a table page by page. The first page decides how wide the columns are: on a terminal no wider than it is, the
 * widest cut first; elsewhere nothing is cut.
 */
export class Table<T> {
  private widths: readonly number[] | undefined;

  constructor(
    private readonly columns: readonly Column<T>[],
    private readonly out: Pick<Printer, 'width' | 'colours'>,
  ) {}

  /** @returns the page's lines, those of the first one with the titles before them */
  linesOf(rows: readonly T[]): string[] {
    const cells = rows.map((row) => this.columns.map(({ cell }) => printable(cell(row))));
    const head = this.widths === undefined ? [this.columns.map(({ title }) => title)] : [];
    this.widths ??= this.widthsFor(cells);
    const { colours } = this.out;
    return [
      ...head.map((titles) => colours.bold(this.join(titles))),
      ...cells.map((line, index) =>
        this.join(line, (text, at) => {
          const paint = this.columns[at]?.paint;
          const row = rows[index];
          return paint === undefined || row === undefined ? text : paint(text, row);
        }),
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

  private widthsFor(cells: readonly (readonly string[])[]): readonly number[] {
    const natural = this.columns.map(({ title }, at) =>
      cells.reduce((widest, line) => Math.max(widest, stringWidth(line[at] ?? '')), stringWidth(title)),
    );
    const { width } = this.out;
    return width === undefined ? natural : this.narrowed(natural, width - GAP.length * (natural.length - 1));
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
