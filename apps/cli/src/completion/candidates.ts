import type { Argument, Command, Option } from 'commander';

/** Gives the values of a kind, by the name that a placeholder has in the help: `<topic>`, `<systems>`. */
export type ValuesOf = (kind: string, partial: string) => Promise<readonly string[]>;

/**
 * Completes the word that is being typed.
 * @param program with all of its commands
 * @param words behind the program's name; the last one is not finished, and may be empty
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<readonly string[]> {
  const partial = (words.at(-1) ?? '').replaceAll(/\\(.)/g, '$1');
  const before = words.slice(0, -1);
  const { command, rest } = commandIn(program, before);
  const option = optionNamed(command, before.at(-1));
  const { head, tail } = option === undefined ? { head: '', tail: partial } : lastOfList(option, partial);
  const found = await namesFor(command, option, rest, tail, valuesOf);
  return [...new Set(found)]
    .filter((name) => name.startsWith(tail))
    .toSorted()
    .map((name) => head + name);
}

async function namesFor(
  command: Command,
  option: Option | undefined,
  rest: readonly string[],
  partial: string,
  valuesOf: ValuesOf,
): Promise<readonly string[]> {
  if (option !== undefined) return option.argChoices ?? valuesOf(placeholderOf(option), partial);
  // Options only where one is begun: there are many of them.
  if (partial.startsWith('-')) {
    const chosen = chosenOf(command);
    return [...command.options, ...(chosen?.options ?? [])].flatMap(({ long, hidden }) => (hidden ? [] : (long ?? [])));
  }
  const argument = argumentAt(command, positionals(command, rest));
  const values = argument === undefined ? [] : (argument.argChoices ?? (await valuesOf(argument.name(), partial)));
  return [...(rest.length === 0 ? command.commands.map((one) => one.name()) : []), ...values];
}

/** The command that the words name, and the words behind its name. */
function commandIn(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program;
  for (const [index, word] of words.entries()) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) return { command, rest: words.slice(index) };
    command = next;
  }
  return { command, rest: [] };
}

/** The command that is meant where none is named: in every group it is the one that lists. */
function chosenOf(command: Command): Command | undefined {
  return command.commands.find((one) => one.name() === 'list');
}

/** An option with a value. */
function optionNamed(command: Command, word: string | undefined): Option | undefined {
  const options = [...command.options, ...(chosenOf(command)?.options ?? [])];
  return options.find(({ long, short, required }) => required && word !== undefined && [long, short].includes(word));
}

function placeholderOf({ flags }: Option): string {
  return /<([^>]+)>/.exec(flags)?.[1] ?? '';
}

/** Of an option that takes a list, only the last element is completed. */
function lastOfList(option: Option, partial: string): { head: string; tail: string } {
  const comma = placeholderOf(option).endsWith('s') ? partial.lastIndexOf(',') : -1;
  return { head: partial.slice(0, comma + 1), tail: partial.slice(comma + 1) };
}

/** How many arguments the words have, without options and their values. */
function positionals(command: Command, words: readonly string[]): number {
  return words.filter((word, at) => !word.startsWith('-') && optionNamed(command, words[at - 1]) === undefined).length;
}

function argumentAt({ registeredArguments: all }: Command, position: number): Argument | undefined {
  const last = all.at(-1);
  return all[position] ?? (last?.variadic === true ? last : undefined);
}
