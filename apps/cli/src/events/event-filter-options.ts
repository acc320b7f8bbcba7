import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Parameters } from '../api/api-client.js';
import { moment } from '../commands/option-values.js';

interface FilterRow {
  readonly flag: string;
  /** Of the query API. */
  readonly parameter: string;
  readonly value: string;
  readonly text: string;
  /** There is a parameter with `!` behind, for what must not be. */
  readonly negatable?: boolean;
}

/** The query's filters as options; all others are reached by `--filter`. The value's name is what it is completed by. */
const FILTERS: readonly FilterRow[] = [
  {
    flag: 'system',
    parameter: 'system',
    value: 'system',
    text: 'waldur, lxd, cds, ibm, api, tidings',
    negatable: true,
  },
  { flag: 'site', parameter: 'site', value: 'name', text: 'installation of a system', negatable: true },
  {
    flag: 'type',
    parameter: 'event_type',
    value: 'type',
    text: 'event type: its full name, or its system’s',
    negatable: true,
  },
  {
    flag: 'group',
    parameter: 'feature',
    value: 'group',
    text: 'group of event types, as `catalogue groups` lists them',
    negatable: true,
  },
  { flag: 'source', parameter: 'source', value: 'uri', text: 'CloudEvents source: /lxd/rack1', negatable: true },
  {
    flag: 'subject',
    parameter: 'subject',
    value: 'subject',
    text: 'CloudEvents subject: the entity of the event',
    negatable: true,
  },
  {
    flag: 'outcome',
    parameter: 'outcome',
    value: 'outcome',
    text: 'succeeded, failed, scheduled, in_progress, cancelled',
    negatable: true,
  },
  { flag: 'scope', parameter: 'scope', value: 'scope', text: 'scope of the event: lxd:rack1:project:default' },
  { flag: 'search', parameter: 'q', value: 'text', text: 'text in the message or the context' },
  { flag: 'message', parameter: 'message', value: 'text', text: 'text in the message' },
];

const GROUP = 'Filters (may be repeated):';
const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Gives a command the options that select events. @param live a stream begins at a time, a list may also end at one */
export function addFilterOptions(command: Command, live: boolean): Command {
  for (const { flag, value, text, negatable } of FILTERS) {
    command.addOption(option(`--${flag} <${value}>`, text));
    // One of them stands in the help for all: there is one for nearly every filter.
    const negative = option(`--not-${flag} <${value}>`, 'exclude a system; likewise --not-site, --not-type …');
    if (negatable === true) command.addOption(flag === 'system' ? negative : negative.hideHelp());
  }
  command
    .addOption(new Option('--non-conforming', 'only events whose payload does not fit the schema').helpGroup(GROUP))
    .addOption(
      new Option('--since <time>', 'happened at or after: 10m, 2h, 7d (ago), or a time')
        .argParser(moment)
        .helpGroup(GROUP),
    );
  if (!live) {
    command.addOption(new Option('--until <time>', 'happened before').argParser(moment).helpGroup(GROUP));
  }
  return command.addOption(
    new Option('--filter <name=value>', 'any parameter of the query API: customer_uuid=…, event_type!=…')
      .argParser((text: string, before: readonly string[] | undefined) => {
        if (!/^[a-z_]+!?=/.test(text)) throw new InvalidArgumentError('Write name=value, or name!=value.');
        return collected(text, before);
      })
      .helpGroup(GROUP),
  );

  function option(flags: string, text: string): Option {
    return new Option(flags, text).argParser(collected).helpGroup(GROUP);
  }
}

/** What {@link addFilterOptions} read. */
export interface FilterOptions {
  readonly since?: string;
  readonly until?: string;
  readonly nonConforming?: boolean;
  readonly filter?: readonly string[];
  readonly [flag: string]: unknown;
}

/** The query's parameters without its bounds in time. */
export function filterParameters(options: FilterOptions): Record<string, readonly string[]> {
  const parameters: Record<string, string[]> = {};
  const add = (name: string, values: unknown): void => {
    if (Array.isArray(values)) (parameters[name] ??= []).push(...values.map(String));
  };
  for (const { flag, parameter, negatable } of FILTERS) {
    add(parameter, options[flag]);
    if (negatable === true) add(`${parameter}!`, options[`not${flag[0]?.toUpperCase()}${flag.slice(1)}`]);
  }
  if (options.nonConforming === true) add('conforming', ['false']);
  for (const text of options.filter ?? []) {
    const at = text.indexOf('=');
    add(text.slice(0, at), [text.slice(at + 1)]);
  }
  return parameters;
}

/** The parameters of a list: its filters and its bounds in time. */
export function listParameters(options: FilterOptions): Parameters {
  return {
    ...filterParameters(options),
    ...(options.since !== undefined && { created_from: options.since }),
    ...(options.until !== undefined && { created_to: options.until }),
  };
}
