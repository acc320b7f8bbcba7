/** `npm run deps:drawn`: draws from the code what each room imports, beside what the table allows it. */
import { allowance, survey } from './import-survey.mjs';

const NONE = '–';
const CELL_WIDTH = 36;

function row({ room, rooms, packages }) {
  const allowed = room.rooms === '*' ? [] : [...room.rooms, ...room.packages, ...(room.storagePackages ?? [])];
  const used = [...rooms, ...packages];
  const unused = allowed.filter((entry) => !used.includes(entry));
  return [room.name, allowance(room), used.join(', ') || NONE, unused.join(', ') || NONE];
}

/** Breaks a cell between its entries, so that a row stays readable in a terminal. */
function broken(cell) {
  return cell.split(' ').reduce((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= CELL_WIDTH) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

function aligned(rows) {
  const lines = rows.flatMap((cells) => {
    const columns = cells.map(broken);
    const height = Math.max(...columns.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => columns.map((column) => column[line] ?? ''));
  });
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  '));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [text[0], rule, ...text.slice(1)].map((line) => line.trimEnd());
}

const { imports, violations, modules } = await survey(process.cwd());
const table = aligned([['room', 'may import', 'imports', 'allowed, not used'], ...imports.map(row)]);
const faults = violations.map(({ rule, from, to }) => `${rule}: ${from} -> ${to}`);
console.log([...table, '', `${modules} modules, ${violations.length} violations`, ...faults].join('\n'));
process.exitCode = violations.length === 0 ? 0 : 1;
