import { readFileSync } from 'node:fs';
import { EnvError, makeExactValidator } from 'envalid';

/** Says what is wrong with a variable and what would be right. Its message must never hold the value. */
export class WrongValue extends EnvError {}

/** A whole number within limits. */
export const wholeNumber = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  makeExactValidator<number>((input) => {
    const text = input.trim();
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < minimum || value > maximum) {
      const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
      throw new WrongValue(`has to be a whole number ${range}`);
    }
    return value;
  });

/** Any text without control characters. */
export const text = makeExactValidator<string>((input) => {
  if (/\p{Cc}/u.test(input)) throw new WrongValue('has to be text without control characters');
  return input;
});

export const yesOrNo = makeExactValidator<boolean>((input) => {
  const word = input.trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new WrongValue('has to be true or false');
});

/** One word of a list, whatever its case. */
export const oneOf = <T extends string>(words: readonly T[]) =>
  makeExactValidator<T>((input) => {
    const found = words.find((word) => word === input.trim().toLowerCase());
    if (found === undefined) throw new WrongValue(`has to be one of ${words.join(', ')}`);
    return found;
  });

/** Kafka bootstrap addresses, `host:port` each. */
export const brokerList = makeExactValidator<readonly string[]>((input) => {
  const brokers = listItems(input);
  if (brokers.length === 0 || !brokers.every(isBroker)) {
    throw new WrongValue('has to be a comma-separated list of host:port, for example kafka-1:9092,kafka-2:9092');
  }
  return brokers;
});

/** The start of topic and group names: Kafka's own alphabet, and short enough to leave room for the rest. */
export const kafkaPrefix = makeExactValidator<string>((input) => {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(input) || /^\.+$/.test(input)) {
    throw new WrongValue('has to be at most 100 letters, digits, dots, underscores and hyphens');
  }
  return input;
});

/** A file that is read at once; the value is its text. */
export const textFile = makeExactValidator<string>((input) => {
  try {
    return readFileSync(input, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new WrongValue(`names a file that cannot be read (${code})`);
  }
});

/** A PEM file that is read at once; the value is its text. */
export const pemFile = makeExactValidator<string>((input) => {
  const content = textFile()._parse(input);
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(content)) throw new WrongValue('names a file that is not in PEM format');
  return content;
});

/** The items of a list that commas part, without doubles. */
export function listItems(input: string): string[] {
  return [
    ...new Set(
      input
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ];
}

function isBroker(broker: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+):(\d{1,5})$/.exec(broker);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535;
}
