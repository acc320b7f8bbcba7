import { Option, type Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, type ListFormatOptions } from './format-options.js';

const INTERVALS = ['hour', 'day', 'week', 'month'];
const DIVISIONS = ['system', 'type', 'source', 'site', 'outcome'];

interface Bucket {
  readonly start: string;
  readonly count: number;
  readonly values?: Readonly<Record<string, unknown>>;
}

interface HistogramOptions extends ConnectionOptions, FilterOptions, ListFormatOptions {
  readonly interval: string;
  readonly by?: string;
}

/** `tidings events histogram`: how many events there were, by time. */
export function eventHistogramCommand(line: CommandLine): Command {
  const command = line.serverCommand('histogram', {
    summary: 'Count events by hour, day, week or month',
    examples: [
      'tidings events histogram --since 7d',
      'tidings events histogram --interval hour --by system --since 1d',
      'tidings events histogram --by outcome --system waldur --since 2026-11-01 --json',
    ],
  });
  addFilterOptions(command, false)
    .addOption(new Option('--interval <interval>', 'length of a bucket, in UTC').choices(INTERVALS).default('day'))
    .addOption(new Option('--by <field>', 'also count by this').choices(DIVISIONS));
  return addListFormat(command).action(async (options: HistogramOptions) => {
    const { interval, by, format, wide } = options;
    const query = { ...listParameters(options), interval, by };
    const answer = await line.connect(options).get('/api/events/histogram/', query);
    const { buckets } = answer.json<{ readonly buckets: readonly Bucket[] }>();
    await printList([buckets], format, line.out, { columns: columnsFor(buckets, interval), wide });
    if (buckets.length === 0 && format === 'table') await line.err.line('No event matches.');
  });
}

/** One column for each value that a bucket is divided into. */
function columnsFor(buckets: readonly Bucket[], interval: string): Column<Bucket>[] {
  const names = new Set(buckets.flatMap(({ values }) => Object.keys(values ?? {})));
  return [
    {
      title: interval.toUpperCase(),
      cell: ({ start }) => (interval === 'hour' ? start.slice(0, 16).replace('T', ' ') : start.slice(0, 10)),
      whole: true,
    },
    { title: 'EVENTS', cell: ({ count }) => String(count), whole: true },
    ...[...names].toSorted().map((name): Column<Bucket> => ({
      title: name === '' ? '(none)' : name.toUpperCase(),
      cell: ({ values }) => textOf(values?.[name] ?? 0),
    })),
  ];
}
