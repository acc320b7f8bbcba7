import { Option, type Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import type { Resource } from '../notifications/instance-client.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printChanged } from './changed-resource.js';
import { readText } from './option-values.js';
import {
  ID_COLUMN,
  instanceCommand,
  member,
  openInstance,
  resourceDeleteCommand,
  resourceListCommand,
  resourceShowCommand,
  type InstanceOptions,
  type ResourceKind,
} from './resource-commands.js';

const TYPES = ['webhook', 'event_streams', 'smtp_custom', 'slack'];

const TEMPLATES: ResourceKind = {
  plural: 'templates',
  singular: 'template',
  example: 'short',
  columns: [member('name'), member('type'), member('subscription_count', 'SUBSCRIPTIONS'), ID_COLUMN],
  shown: withText,
  goesWith: ({ subscription_names: names }) =>
    Array.isArray(names) && names.length > 0
      ? [`after which ${names.map(textOf).join(', ')} would send the event itself`]
      : [],
};

/** `tidings templates`: what bodies are made of events. */
export function templatesCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, TEMPLATES);
  const own = [createCommand(line), updateCommand(line)];
  return line.group(
    'templates',
    {
      summary: 'List and manage templates: how events are rendered for destinations',
      examples: [
        'tidings templates',
        'tidings templates create short --body \'{"text": "{{type}}"}\'',
        'tidings templates show short',
      ],
    },
    [list, resourceShowCommand(line, TEMPLATES), ...own, resourceDeleteCommand(line, TEMPLATES)],
    list,
  );
}

interface TemplateOptions extends InstanceOptions {
  readonly body?: string;
  readonly file?: string;
  readonly subject?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function addTemplateOptions(command: Command): Command {
  return command
    .addOption(new Option('--body <text>', 'the template, Handlebars over the event').conflicts('file'))
    .option('--file <path>', 'a file with the template')
    .option('--subject <text>', 'of an e-mail: a template, too')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; without this, its id');
}

/** In base64, as the API takes it. */
function bodyOf({ body, file }: TemplateOptions): string | undefined {
  const text = file === undefined ? body : readText('--file', file);
  return text === undefined ? undefined : Buffer.from(text).toString('base64');
}

/** With the text that is in the base64. */
function withText(template: Resource): Resource {
  const { params } = template;
  const body = isObject(params) ? textOf(params['body']) : '';
  return { ...template, params: { ...(isObject(params) && params), body: Buffer.from(body, 'base64').toString() } };
}

function createCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'create', {
    summary: 'Create a template',
    details: 'A subscription uses it by its attribute template_id_notification.',
    examples: ['tidings templates create short --body \'{"text": "{{type}}"}\''],
  });
  return addTemplateOptions(command)
    .argument('<name>', 'its name')
    .addOption(new Option('--type <type>', 'the type of destination').choices(TYPES).default('webhook'))
    .action(async (name: string, options: TemplateOptions & { readonly type: string }) => {
      const { type, subject, description, json } = options;
      const body = bodyOf(options);
      if (body === undefined) throw new CommandFailure('usage', '--body or --file: is missing');
      const template = {
        name,
        type: `${type}.notification`,
        ...(description !== undefined && { description }),
        params: { body, ...(subject !== undefined && { subject }) },
      };
      const instance = await openInstance(line, options);
      const answer = await instance.send('POST', ['templates'], template);
      await printChanged(line, answer, `Created the template ${name}`, json);
    });
}

function updateCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'update', {
    summary: 'Change a template',
    details: 'What is not named stays as it is.',
    examples: ['tidings templates update short --body \'{"text": "{{type}} {{time}}"}\''],
  });
  return addTemplateOptions(command)
    .argument('<template>', 'name or id')
    .option('--name <name>', 'its new name')
    .action(async (template: string, options: TemplateOptions & { readonly name?: string }) => {
      const { name, subject, description, json } = options;
      const instance = await openInstance(line, options);
      const id = await instance.idOf('templates', template);
      const body = bodyOf(options);
      // The API replaces the contents as a whole.
      const kept = (await instance.request('GET', ['templates', id])).json<{ readonly params: object }>().params;
      const params = { ...kept, ...(body !== undefined && { body }), ...(subject !== undefined && { subject }) };
      const changes = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...((body ?? subject) !== undefined && { params }),
      };
      if (Object.keys(changes).length === 0) throw new CommandFailure('usage', 'Nothing to change: name an option');
      const answer = await instance.send('PUT', ['templates', id], changes);
      await printChanged(line, answer, `Changed the template ${template}`, json);
    });
}
