import { InvalidArgumentError } from 'commander';
import { parseExact } from '../output/exact-json.js';

/** Reads a whole number. @throws {InvalidArgumentError} for anything else, and for less than `least` */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    if (value >= least) return value;
    throw new InvalidArgumentError(`It has to be a whole number of at least ${least}.`);
  };
}

/** Reads how many entries are wanted; `all` is as many as there are. */
export function entryLimit(text: string): number {
  return text === 'all' ? Infinity : wholeNumber(1)(text);
}

/** Gathers the values of an option that may be repeated, and may list several with commas. */
export function listed(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').map((one) => one.trim())];
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
