import type { Command, Option } from 'commander';

/** Parameters and fields of the API whose option has another name than they have. */
const OPTIONS: Readonly<Record<string, string>> = {
  attributes: 'attributes',
  'config.params': 'params',
  'config.params.url': 'webhook',
  conforming: 'non-conforming',
  created_from: 'since',
  created_to: 'until',
  destination_id: 'destination',
  event_id: 'event',
  event_type: 'type',
  event_type_filter: 'type-filter',
  expires_at: 'expires',
  feature: 'group',
  grace_seconds: 'grace',
  notification_filter: 'filter',
  permissions: 'permission',
  q: 'search',
  scopes: 'scope',
  sources: 'source',
  subscription_id: 'subscription',
  topic_id: 'topic',
};

/** Values that are shown as they were typed; others were read into something else, or are too long. */
const LONGEST_VALUE = 40;

/**
 * How a command names what the API refuses: `--system lxdd` for `system`, `--not-type` for `event_type!`, `--params
 * endpoint` for `config.params.endpoint`.
 * @returns undefined where the command has no option for it
 */
export function optionNamed(command: Command | undefined, field: string): string | undefined {
  const [, path = '', negation] = /^(.*?)(!?)$/.exec(field.replaceAll(/\[\d+\]|\.\d+/g, '')) ?? [];
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const name = parts.slice(0, length).join('.');
    // `data.x` of a payload is a better name than `--data x`: of what is nested, only what is listed here has an option.
    if (length < parts.length && OPTIONS[name] === undefined) continue;
    const option = optionOf(command, name, negation === '!');
    if (option !== undefined)
      return [withValue(command, option, length < parts.length), ...parts.slice(length)].join(' ');
  }
  const last = optionOf(command, parts.at(-1) ?? '', false);
  return parts.length > 1 && last !== undefined ? withValue(command, last, false) : undefined;
}

function optionOf(command: Command | undefined, name: string, isNegated: boolean): Option | undefined {
  const long = `--${isNegated ? 'not-' : ''}${OPTIONS[name] ?? name.replaceAll('_', '-')}`;
  return command?.options.find((one) => one.long === long);
}

/** @param isPart whether only a part of the value is meant */
function withValue(command: Command | undefined, option: Option, isPart: boolean): string {
  const long = option.long ?? '';
  const given: unknown = command?.getOptionValue(option.attributeName());
  const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  const isTyped = typeof value === 'string' && !isPart && !['--since', '--until', '--expires'].includes(long);
  return isTyped && value.length <= LONGEST_VALUE ? `${long} ${value}` : long;
}
