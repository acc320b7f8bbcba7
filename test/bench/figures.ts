import type { ShapeFigure } from './shape-figure.js';

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What the machine can do at best, measured in the same run: of what, and how much. */
  readonly limit?: { readonly of: string; readonly value: number };
  /** What is aimed at, in words, and whether it is reached. */
  readonly aim?: { readonly text: string; readonly reached: boolean };
}

/** Says what is being done, on long work. */
export function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}

/** The table as text, one figure a line, the limit and the ratio beside it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, value, limit, aim }) => [
    name,
    `${format(value)} ${unit}`,
    limit === undefined ? '' : `${format(limit.value)} ${unit}: ${limit.of}`,
    limit === undefined ? '' : (value / limit.value).toFixed(2),
    aim === undefined ? '' : `${aim.text}: ${aim.reached ? 'reached' : 'NOT REACHED'}`,
  ]);
  return columns([['figure', 'measured', 'limit in this run', 'ratio', 'aim'], ...rows]);
}

/** The table of shapes: milliseconds through the app, through bare pg, and how often the one is the other. */
export function shapeTable(figures: readonly ShapeFigure[]): string {
  const rows = figures.map(({ name, inFlight, ours, bare, missed }) => [
    name,
    inFlight === 0 ? '' : String(inFlight),
    ...[ours.p50, bare.p50].map((value) => value.toFixed(1)),
    (ours.p50 / bare.p50).toFixed(2),
    ...[ours.p99, bare.p99].map((value) => value.toFixed(1)),
    (ours.p99 / bare.p99).toFixed(2),
    missed.length === 0 ? 'reached' : `MISSED: ${missed.join(', ')}`,
  ]);
  const head = ['list by', 'in flight', 'p50 ms', 'bare pg', 'ratio', 'p99 ms', 'bare pg', 'ratio', 'aims'];
  return columns([head, ...rows]);
}

function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param values unsorted @param share 0.99 for the 99th percentile */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}
