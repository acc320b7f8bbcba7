import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import type { Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { shortTime, wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { wholeNumber } from './option-values.js';
import { instanceCommand, member, openInstance, type InstanceOptions } from './resource-commands.js';

const COLUMNS: readonly Column<Resource>[] = [
  { title: 'TIME', cell: ({ time }) => wholeSeconds(textOf(time)), short: ({ time }) => shortTime(textOf(time)) },
  { ...member('type'), short: ({ type }) => textOf(type).split('.').at(-1) ?? '' },
  member('subject'),
  { ...member('uuid'), optional: true },
];

/** `tidings filters`: to try a filter before a topic or a subscription has it. */
export function filtersCommand(line: CommandLine): Command {
  return line.group(
    'filters',
    {
      summary: 'Check and try filters of topics and subscriptions',
      details: 'Their language is described in docs/RULES.md.',
      examples: [
        'tidings filters validate \'$.type =~ "_failed$"\'',
        'tidings filters test \'$.source == "/lxd/rack1"\' --last 500',
      ],
    },
    [validateCommand(line), testCommand(line)],
  );
}

interface Validation {
  readonly valid: boolean;
  readonly position: number | null;
  readonly problem: string | null;
}

function validateCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'validate', {
    summary: 'Check the syntax of a filter',
    details: 'The exit code is 1 where it is wrong.',
    examples: ['tidings filters validate \'$.type =~ "_failed$"\''],
  });
  return addRecordFormat(command)
    .argument('<filter>', 'the filter')
    .action(async (filter: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.send('POST', ['filters', 'validate'], { filter });
      const { valid, position, problem } = answer.json<Validation>();
      if (valid || options.format === 'json') await printRecord(answer.json(), options.format, line.out);
      if (valid) return;
      const at = position ?? 0;
      throw new CommandFailure('failed', problem ?? 'The filter is wrong', [filter, `${' '.repeat(at)}^`]);
    });
}

function testCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'test', {
    summary: 'Try a filter on the last stored events, and list those that it selects',
    examples: ['tidings filters test \'$.type =~ "instance-"\' --source lxd --last 100'],
  });
  return addListFormat(command)
    .argument('<filter>', 'the filter')
    .option('--last <count>', 'how many of the last events to try', wholeNumber(1), 100)
    .option('--source <source>', 'only events of this source: name or id')
    .action(
      async (
        filter: string,
        options: InstanceOptions & ListFormatOptions & { readonly last: number; readonly source?: string },
      ) => {
        const { last, source, format, wide } = options;
        const instance = await openInstance(line, options);
        const sourceId = source && (await instance.idOf('sources', source));
        const body = { filter, last, ...(sourceId !== undefined && { source_id: sourceId }) };
        const answer = await instance.send('POST', ['filters', 'test'], body);
        const { tested, matched, events } = answer.json<{
          readonly tested: number;
          readonly matched: number;
          readonly events: readonly Resource[];
        }>();
        await printList([events], format, line.out, { columns: COLUMNS, wide });
        if (format === 'table') await line.err.line(`${matched} of ${tested} events match.`);
      },
    );
}
