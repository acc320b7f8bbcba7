import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

const ENVIRONMENT = {
  url: undefined,
  token: undefined,
  dataDirectory: undefined,
  javaHome: undefined,
  hasOwnKafka: false,
  colours: 'never',
} as const;

/** @param answer what is typed at a terminal; undefined: there is none */
function lineWith(answer: string | undefined): { line: CommandLine; said: () => string } {
  const isTTY = answer !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  stdin.end(answer);
  const line = new CommandLine(ENVIRONMENT, stdin, new PassThrough(), stderr);
  return { line, said: () => String(stderr.read() ?? '') };
}

it.each(['y\n', 'YES\n'])('deletes after the answer %j, and says before what', async (answer) => {
  const { line, said } = lineWith(answer);
  await line.confirmDeletion('the topic x, and with it the subscription y', undefined);
  expect(said()).toContain('Delete the topic x, and with it the subscription y? [y/N]');
});

it.each(['\n', 'n\n', 'yesterday\n', ''])('deletes nothing after %j', async (answer) => {
  await expect(lineWith(answer).line.confirmDeletion('the topic x', undefined)).rejects.toThrow('Nothing was deleted');
});

it('refuses where nobody can be asked, unless it is forced', async () => {
  const { line, said } = lineWith(undefined);
  await expect(line.confirmDeletion('the topic x', undefined)).rejects.toMatchObject({
    exit: 'usage',
    message: 'This deletes the topic x',
    advice: [expect.stringContaining('--force')],
  });
  await line.confirmDeletion('the topic x', true);
  expect(said()).toBe('');
});
