import { Option, InvalidArgumentError, type Command } from 'commander';
import { follow } from '../api/event-stream.js';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { readCloudEvent, type CloudEvent } from '../events/cloud-event.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { EventKnowledge } from '../events/event-knowledge.js';
import { eventLogLine } from '../events/event-log-line.js';
import { untilInterrupted } from '../interruption.js';
import { stringifyExact } from '../output/exact-json.js';
import { wholeNumber } from './option-values.js';
import { pauseText } from './pause-text.js';

const FORMATS = ['pretty', 'logfmt', 'json', 'yaml'] as const;

interface TailOptions extends ConnectionOptions, FilterOptions {
  /** Without it, `pretty` on a terminal and `logfmt` elsewhere. */
  readonly format?: (typeof FORMATS)[number];
  readonly native?: boolean;
  readonly limit?: number;
  readonly after?: string;
}

/** `tidings tail`: events as they are stored. */
export function tailCommand(line: CommandLine): Command {
  const command = line.serverCommand('tail', {
    summary: 'Follow events as they are stored',
    details: [
      'A line an event on a terminal (pretty), name=value pairs in a pipe (logfmt); JSON is one CloudEvent a line.',
      '--since begins with stored events that happened then or later, and leaves out older ones that arrive late.',
      'A lost connection is made again behind the last event: none is missing, none comes twice.',
    ].join(' '),
    examples: [
      'tidings tail --system lxd',
      'tidings tail --outcome failed --not-system cds',
      'tidings tail --since 1h --format json | jq .subject',
      'tidings tail --system lxd --native                # in the words of `lxc monitor`',
      'tidings tail --type instance-created --limit 1    # wait for one, then end',
    ],
  });
  addFilterOptions(command, true)
    .addOption(
      new Option('-f, --format <format>', 'output format; pretty on a terminal, logfmt elsewhere').choices(FORMATS),
    )
    .addOption(new Option('--pretty', 'the same as --format pretty').implies({ format: 'pretty' }))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('--native', 'each event as its own system writes it, where that system is known')
    .option('-n, --limit <count>', 'end after this many events', wholeNumber(1))
    .option('--after <position>', 'resume behind this position, as `tail` prints it when it ends', (text: string) => {
      if (!/^\d+-\d+$/.test(text)) throw new InvalidArgumentError('Write it as `tail` printed it when it ended.');
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
      filters: listParameters(options),
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
      await err.line(err.colours.dim(`Resume here with: tidings tail --after ${position}`));
    }
  });
}

async function printerOf(
  { out }: CommandLine,
  { format = out.isTerminal ? 'pretty' : 'logfmt', native = false }: TailOptions,
): Promise<(event: CloudEvent) => Promise<void>> {
  const isLine = format === 'pretty' || format === 'logfmt';
  const knowledge = isLine || native ? await EventKnowledge.load() : undefined;
  if (isLine && knowledge !== undefined) {
    const style = { isPretty: format === 'pretty', isNative: native, colours: out.colours };
    return (event) => out.line(eventLogLine(event, knowledge, style));
  }
  const shown = (event: CloudEvent): unknown => (native ? (knowledge?.asNative(event) ?? event) : event);
  if (format === 'json') return (event) => out.line(stringifyExact(shown(event)));
  const { yamlText } = await import('../output/yaml.js');
  return (event) => out.print(`---\n${yamlText(shown(event))}`);
}
