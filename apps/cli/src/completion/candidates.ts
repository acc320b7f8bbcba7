import type { Command } from 'commander';

/**
 * What a word that is being typed may become.
 * @param program with all of its commands
 * @param words behind the program's name; the last one is not finished, and may be empty
 */
export function candidatesFor(program: Command, words: readonly string[]): string[] {
  const partial = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = before.reduce((at, word) => childNamed(at, word) ?? at, program);
  const option = command.options.find(({ long, short }) => [long, short].includes(before.at(-1)));
  const found = option?.required === true ? (option.argChoices ?? []) : namesIn(command, partial);
  return found.filter((name) => name.startsWith(partial)).toSorted();
}

/** Options only where one is begun: there are many of them. */
function namesIn(command: Command, partial: string): string[] {
  const chosen = defaultOf(command);
  if (!partial.startsWith('-')) return command.commands.map((one) => one.name());
  return [...command.options, ...(chosen?.options ?? [])].flatMap(({ long, hidden }) => (hidden ? [] : (long ?? [])));
}

function childNamed(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name);
}

/** The command that is meant where none is named: in every group it is the one that lists. */
function defaultOf(command: Command): Command | undefined {
  return childNamed(command, 'list');
}
