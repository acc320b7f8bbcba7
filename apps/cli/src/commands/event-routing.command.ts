import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import type { Resource } from '../notifications/instance-client.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { printList } from '../output/list-formats.js';
import { addRecordFormat } from './format-options.js';
import { instanceCommand, openInstance, type InstanceOptions } from './resource-commands.js';

interface Routing {
  readonly source: Resource;
  readonly topics: readonly Resource[];
  readonly deliveries: readonly Resource[];
}

/** `tidings events routing`: why a destination got an event, or did not. */
export function eventRoutingCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'routing', {
    summary: 'Show which topics select an event, why others do not, and its deliveries',
    examples: ['tidings events routing 8065f48ea64784c0bad97d3ff693d03f'],
  });
  return addRecordFormat(command)
    .argument('<id>', 'the UUID of an event')
    .action(async (id: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', ['events', id, 'routing'], { wanted: `event ${id}` });
      if (options.format === 'json' || !line.out.isTerminal) {
        await printRecord(answer.json(), options.format, line.out);
        return;
      }
      await printRouting(line, answer.json<Routing>());
    });
}

/** For a person: a line a topic, and a line a delivery. */
async function printRouting({ out }: CommandLine, { source, topics, deliveries }: Routing): Promise<void> {
  const isEnabled = isObject(source) && source['enabled'] === true;
  await out.line(`Source ${textOf(source['name'])} is ${isEnabled ? 'enabled' : 'disabled: nothing is sent for it'}.`);
  if (topics.length === 0) await out.line('There are no topics.');
  const topicColumns = [
    { title: 'TOPIC', cell: ({ name }: Resource) => textOf(name) },
    { title: 'SELECTED', cell: ({ matches }: Resource) => (matches === true ? 'yes' : 'no') },
    { title: 'WHY', cell: ({ explanation }: Resource) => textOf(explanation) },
  ];
  await printList([topics], 'table', out, { columns: topicColumns });
  const deliveryColumns = [
    { title: 'STATE', cell: ({ state }: Resource) => textOf(state) },
    { title: 'ATTEMPTS', cell: ({ attempts }: Resource) => textOf(attempts) },
    { title: 'DELIVERY', cell: ({ id }: Resource) => textOf(id), whole: true },
  ];
  await out.line(deliveries.length === 0 ? 'There are no deliveries.' : '');
  await printList([deliveries], 'table', out, { columns: deliveryColumns });
}
