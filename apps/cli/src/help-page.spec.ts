import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';
import { createProgram } from './program.js';
import type { CliEnvironment } from './cli-environment.js';

const ENVIRONMENT: CliEnvironment = {
  url: undefined,
  token: undefined,
  dataDirectory: '.tidings',
  javaHome: undefined,
  hasOwnKafka: false,
  colours: 'never',
};

const HEAD = `# The command line

\`tidings\` calls a running Tidings over HTTP, as any client does. In a checkout, \`npx tidings\` runs it once \`npm start\` or
\`npm test\` has installed what it needs; to have it on the PATH, link it from there:
\`ln -s "$PWD/apps/cli/bin/tidings.mjs" ~/.local/bin/tidings\`. This page is what \`--help\` prints
(\`npm test -- help-page --update\` regenerates it), and a test runs every example of it.

- The server is \`--url\`, \`TIDINGS_URL\`, or the one that was started here: its data directory (\`TIDINGS_DATA_DIR\`, or the
  nearest \`.tidings\` from the working directory upwards) has its URL and its admin token.
- Lists are tables for people; \`--format json\`, \`ndjson\`, \`csv\` and \`yaml\` are for programs. A terminal gets colours, and
  a table that fits it: ids and other columns are left out, long texts are cut. \`--wide\` prints all of it. Times are UTC.
- Standard output has what was asked for; everything else goes to standard error.
- Where a name is asked for, an id does as well. What was created or changed is printed as its id, for scripts to go on
  with; on a terminal, in a sentence.
- \`--since\` is when an event happened, in lists and in \`tail\` alike.
- What deletes says what else would go, and asks. Where there is no terminal it needs \`--force\`.

`;

/** The help of a command. */
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
  return createProgram(new CommandLine(ENVIRONMENT, stdin, new PassThrough(), new PassThrough()));
}

it('docs/CLI.md is what --help prints', async () => {
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
