import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import {
  instanceCommand,
  member,
  openInstance,
  resourceListCommand,
  resourceShowCommand,
  type InstanceOptions,
  type ResourceKind,
} from './resource-commands.js';

const SOURCES: ResourceKind = {
  plural: 'sources',
  singular: 'source',
  example: 'lxd',
  columns: [
    member('name'),
    { title: 'ENABLED', cell: ({ enabled }) => (enabled === true ? 'yes' : 'no') },
    member('topic_count', 'TOPICS'),
    member('type'),
    member('id', 'ID', true),
  ],
};

/** `tidings sources`: whose events may be sent on. */
export function sourcesCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, SOURCES);
  return line.group(
    'sources',
    {
      summary: 'Say whose events may be sent on, and switch them',
      examples: ['tidings sources', 'tidings sources enable lxd', 'tidings sources disable "IBM Cloud"'],
    },
    [list, resourceShowCommand(line, SOURCES), switchCommand(line, true), switchCommand(line, false)],
    list,
  );
}

function switchCommand(line: CommandLine, enabled: boolean): Command {
  const verb = enabled ? 'enable' : 'disable';
  return instanceCommand(line, verb, {
    summary: enabled ? 'Let the events of a source be sent on' : 'Keep the events of a source from being sent on',
    examples: [`tidings sources ${verb} lxd`],
  })
    .argument('<name>', 'its name, its id or the last part of that')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('sources', name);
      await instance.send('PATCH', ['sources', id], { enabled });
      await line.out.line(id);
    });
}
