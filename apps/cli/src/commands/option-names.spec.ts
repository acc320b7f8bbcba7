import { Command } from 'commander';
import { expect, it } from 'vitest';
import { optionNamed } from './option-names.js';

const command = new Command()
  .option('--system <name>')
  .option('--not-type <type>')
  .option('--since <time>')
  .option('--params <json>')
  .option('--data <json>')
  .option('--type-filter <filter>')
  .action(() => undefined);
command.parse(['--system', 'lxdd', '--since', '5', '--params', '{"topic": "x"}'], { from: 'user' });

it.each([
  ['system', '--system lxdd'],
  ['event_type!', '--not-type'],
  ['created_from', '--since'],
  ['config.params.endpoint', '--params endpoint'],
  ['sources[0].rules[1].event_type_filter', '--type-filter'],
  ['data.project_key', undefined],
  ['created_to', undefined],
])('names %s as %s', (field, option) => {
  expect(optionNamed(command, field)).toBe(option);
});
