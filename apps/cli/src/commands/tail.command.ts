import { Option, InvalidArgumentError, type Command } from 'commander';
import { follow } from '../api/event-stream.js';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { readCloudEvent, type CloudEvent } from '../events/cloud-event.js';
import { addFilterOptions, filterParameters, type FilterOptions } from '../events/event-filter-options.js';
import { EventKnowledge } from '../events/event-knowledge.js';
import { eventLogLine } from '../events/event-log-line.js';
import { untilInterrupted } from '../interruption.js';
import { stringifyExact } from '../output/exact-json.js';
import { wholeNumber } from './option-values.js';
import { pauseText } from './pause-text.js';

const FORMATS = ['pretty', 'json', 'yaml'] as const;

interface TailOptions extends ConnectionOptions, FilterOptions {
  readonly format: (typeof FORMATS)[number];
  readonly native?: boolean;
  readonly limit?: number;
  readonly after?: string;
}

/** `tidings tail`: what happens, as it happens. */
export function tailCommand(line: CommandLine): Command {
  const command = line.serverCommand('tail', {
    summary: 'Follow events as they are stored',
    details: [
      'Prints what `lxc monitor` prints, of all systems: a log line an event (--pretty), a JSON document a line, or YAML.',
      'A connection that drops is made again, with growing pauses, behind the last event: none is missing, none comes twice.',
      'Ctrl-C ends it; on a terminal it then says how to go on from there.',
    ].join(' '),
    examples: [
      'tidings tail --system lxd --pretty',
      'tidings tail --outcome failed --not-system cds',
      'tidings tail --since 1h --format json | jq .subject',
      'tidings tail --system lxd --native --format yaml     # as lxc monitor prints it',
      'tidings tail --type instance-created --limit 1       # wait for one, then end',
    ],
  });
  addFilterOptions(command, true)
    .addOption(new Option('-f, --format <format>', 'how an event is printed').choices(FORMATS).default('pretty'))
    .addOption(new Option('--pretty', 'the same as --format pretty').implies({ format: 'pretty' }))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('--native', 'in json and yaml: the event as its own system says it, where it is one of theirs')
    .option('-n, --limit <count>', 'end after so many events', wholeNumber(1))
    .option('--after <position>', 'go on behind this position of the stream', (text: string) => {
      if (!/^\d+-\d+$/.test(text)) throw new InvalidArgumentError('Write it as `tail` said it when it ended.');
      return text;
    });
  return command.action((options: TailOptions) => tail(line, options));
}

async function tail(line: CommandLine, options: TailOptions): Promise<void> {
  const api = line.connect(options);
  const { out, err } = line;
  const print = await printerOf(line, options);
  let position: string | undefined;
  let left = options.limit ?? Infinity;
  await untilInterrupted(async (signal) => {
    const items = follow(api, {
      filters: filterParameters(options),
      ...(options.since !== undefined && { since: options.since }),
      ...(options.after !== undefined && { after: options.after }),
      signal,
      onPause: (reason, pause) => void err.line(err.colours.dim(pauseText(reason, pause))),
    });
    for await (const item of items) {
      position = item.position;
      if (item.event === undefined) continue;
      await print(readCloudEvent(item.event));
      left -= 1;
      if (left <= 0) return;
    }
    if (position !== undefined && out.isTerminal) {
      await err.line(err.colours.dim(`Ended. Go on from here with: tidings tail --after ${position}`));
    }
  });
}

async function printerOf(
  { out }: CommandLine,
  { format, native }: TailOptions,
): Promise<(event: CloudEvent) => Promise<void>> {
  const knowledge = format === 'pretty' || native === true ? await EventKnowledge.load() : undefined;
  if (format === 'pretty' && knowledge !== undefined) return (event) => out.line(eventLogLine(event, knowledge, out));
  const shown = (event: CloudEvent): unknown => (native === true ? (knowledge?.asNative(event) ?? event) : event);
  if (format === 'json') return (event) => out.line(stringifyExact(shown(event)));
  const { yamlText } = await import('../output/yaml.js');
  return (event) => out.print(`---\n${yamlText(shown(event))}`);
}
