import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { createProgram } from './program.js';
import type { Surroundings } from './surroundings.js';

const SURROUNDINGS: Surroundings = {
  url: undefined,
  token: undefined,
  dataDirectory: '.tidings',
  javaHome: undefined,
  hasOwnKafka: false,
  colours: 'never',
};

const HEAD = `# The command line

\`tidings\` speaks to a running Tidings over HTTP, as any client does. \`npx tidings\` runs it from a checkout, once \`npm start\`
or \`npm test\` has installed what it needs. This page is what \`--help\` says
(\`npm test -- help-page --update\` writes it anew).

- Lists are tables for people; \`--format json\`, \`ndjson\`, \`csv\` and \`yaml\` are for programs. Only on a terminal are there
  colours, and only there are long texts cut.
- What goes to standard output is what was asked for; everything else goes to standard error.
- Where a name is asked for, an id does as well. What was made is printed as its id, for scripts to go on with.

`;

/** What a command says with --help. */
function helpOf(command: Command): string {
  let text = '';
  const { writeOut } = command.configureOutput();
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput({ ...(writeOut && { writeOut }) });
  return text.trimEnd();
}

function* commandsOf(command: Command, path: readonly string[]): Generator<readonly [string[], Command]> {
  yield [[...path, command.name()], command];
  for (const one of command.commands) yield* commandsOf(one, [...path, command.name()]);
}

const commands = [...commandsOf(programFor(), [])];

function programFor(): Command {
  const stdin = new PassThrough();
  return createProgram(new CommandLine(SURROUNDINGS, stdin, new PassThrough(), new PassThrough()));
}

it('docs/CLI.md is what --help says', async () => {
  const sections = commands.map(
    ([path, command]) =>
      `${'#'.repeat(Math.min(path.length + 1, 3))} ${path.join(' ')}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  );
  await expect(`${HEAD}${sections.join('\n')}`).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/CLI.md'));
});

it.each(commands.map(([path, command]) => [path.join(' '), command] as const))('%s has examples', (name, command) => {
  const [, examples = ''] = helpOf(command).split('Examples:\n');
  expect(examples).toContain(name.replace(/ list$/, ''));
});

it.each(commands.map(([path, command]) => [path.join(' '), command] as const))(
  'the lines of the help of %s are no longer than a terminal is wide',
  (_name, command) => {
    const [usage = ''] = helpOf(command).split('Examples:\n');
    expect(usage.split('\n').filter((line) => line.length > 120)).toEqual([]);
  },
);
