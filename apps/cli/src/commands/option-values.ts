import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from '../command-failure.js';
import { parseMoment } from '../events/event-time.js';
import { parseExact } from '../output/exact-json.js';

/** Reads a whole number. @throws {InvalidArgumentError} for anything else, and for less than `least` */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    if (value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };
}

/** `--limit` of a list. @param most without the option; undefined: all */
export function limitOption(most?: number): Option {
  return new Option('-n, --limit <count>', 'the most entries to list, or all')
    .argParser((text) => (text === 'all' ? Infinity : wholeNumber(1)(text)))
    .default(most ?? Infinity, most === undefined ? 'all' : undefined);
}

/** Collects the values of an option that may be repeated, and may list several with commas. */
export function listed(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').map((one) => one.trim())];
}

/** Reads a time for an option. @returns Unix seconds */
export function moment(text: string): string {
  return parseMoment(text);
}

/** A time as the notification API writes it. @param seconds Unix seconds, as {@link moment} read it */
export function timestampOf(seconds: string): string {
  return new Date(Number(seconds) * 1_000).toISOString();
}

/** Checks that a value is JSON; it stays the text that it is. */
export function jsonText(text: string): string {
  try {
    parseExact(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Reads a file that an option names. @throws {CommandFailure} with the option, where it cannot be read */
export function readText(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('failed', `${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
