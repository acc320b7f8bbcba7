import { exactNumber, type ExactNumber } from '@tidings/catalogue';
import { FilterError } from './filter.js';

/** What a name after a full stop, or without quotes in brackets, may consist of. */
const NAME = /[\p{L}\p{M}\p{N}_-]+/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /-?(?:0|[1-9]\d*)/y;
const SPACE = /[ \t\r\n]*/y;
const FOUR_HEX_DIGITS = /[0-9a-fA-F]{4}/y;
const FLAGS = /[a-z]*/y;
const MOST_SHOWN = 20;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads a filter's text from left to right. */
export class FilterScanner {
  /** Of the next character, in UTF-16 units. */
  position = 0;

  constructor(readonly text: string) {}

  skipSpace(): void {
    this.match(SPACE);
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** @returns whether the text goes on with it */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  /** What the text goes on with, if a sticky expression matches it. */
  seen(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text) ?? undefined;
  }

  /** Goes past the token if the text goes on with it. */
  takes(token: string): boolean {
    if (!this.sees(token)) return false;
    this.position += token.length;
    return true;
  }

  expect(token: string, expected = `"${token}"`): void {
    if (!this.takes(token)) this.fail(expected);
  }

  /** Goes past a whole word, such as `not`, and not past the beginning of a longer one. */
  takesWord(word: string): boolean {
    const start = this.position;
    if (this.match(NAME) === word) return true;
    this.position = start;
    return false;
  }

  name(): string | undefined {
    return this.match(NAME);
  }

  number(): number | ExactNumber | undefined {
    const digits = this.match(NUMBER);
    return digits === undefined ? undefined : exactNumber(digits);
  }

  integer(): number | undefined {
    const start = this.position;
    const digits = this.match(INTEGER);
    if (digits === undefined) return undefined;
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.failAt(start, 'The number is too large.');
    return value;
  }

  /** A text in either kind of quotes, with the escapes of JSON and `\'`. */
  quoted(): string | undefined {
    const start = this.position;
    const quote = this.text.charAt(start);
    if (quote !== '"' && quote !== "'") return undefined;
    let value = '';
    for (this.position += 1; ;) {
      const character = this.text.charAt(this.position);
      if (character === '') this.failAt(start, `The text has no closing ${quote}.`);
      this.position += 1;
      if (character === quote) return value;
      value += character === '\\' ? this.escaped() : character;
    }
  }

  private escaped(): string {
    const start = this.position - 1;
    const character = this.text.charAt(this.position);
    this.position += 1;
    const plain = ESCAPES[character];
    if (plain !== undefined) return plain;
    const digits = character === 'u' ? this.match(FOUR_HEX_DIGITS) : undefined;
    if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
    return this.failAt(
      start,
      `\\${character} is no escape. Write \\\\ for a backslash, or a pattern between slashes: =~ /\\d+/.`,
    );
  }

  /** A pattern between slashes, where a backslash is the pattern's own. */
  slashed(): { readonly pattern: string; readonly flags: string } | undefined {
    const start = this.position;
    if (!this.takes('/')) return undefined;
    let pattern = '';
    for (;;) {
      const character = this.text.charAt(this.position);
      if (character === '') this.failAt(start, 'The pattern has no closing /.');
      this.position += 1;
      if (character === '/') return { pattern, flags: this.match(FLAGS) ?? '' };
      if (character !== '\\') pattern += character;
      else if (this.takes('/')) pattern += '/';
      else {
        pattern += character + this.text.charAt(this.position);
        this.position += 1;
      }
    }
  }

  /** @throws {FilterError} that says what was expected here */
  fail(expected: string): never {
    const rest = this.text.slice(this.position, this.position + MOST_SHOWN);
    return this.failAt(
      this.position,
      `Expected ${expected}, found ${rest === '' ? 'the end' : `"${[...rest].slice(0, MOST_SHOWN).join('')}"`}.`,
    );
  }

  failAt(position: number, problem: string): never {
    throw new FilterError(`${problem.replace(/\.$/, '')} (at position ${position}).`, position);
  }

  private match(pattern: RegExp): string | undefined {
    const found = this.seen(pattern)?.[0];
    if (found === undefined || found === '') return undefined;
    this.position += found.length;
    return found;
  }
}
