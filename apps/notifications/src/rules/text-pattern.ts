import type { RE2JS } from 're2js';
import { neededWords } from './needed-words.js';

/** What a `=~` looks for in a text. */
export interface TextPattern {
  /** What looking costs for each character of the text, at the worst. */
  readonly costPerCharacter: number;
  isIn(text: string): boolean;
}

/** A class of Unicode's is one instruction, and a search in a table. */
const UNICODE_CLASSES = /\\[pP]/g;
const UNICODE_CLASS_COST = 20;
/** Characters that stand for themselves wherever they are in a pattern. */
const LITERAL = /^[^\\^$.|?*+()[\]{}]*/u;
const REPEATS_MAYBE_NEVER = /^[?*{]/;

/**
 * Most patterns that people write are a few words, `dallas|london`, begin with some, or have some in them: those are
 * looked for without the machine of the expression, which takes ten times as long.
 * @param isPlain without flags, which change what a character stands for
 */
export function textPattern(pattern: string, compiled: RE2JS, isPlain: boolean): TextPattern {
  const cost = compiled.programSize() + UNICODE_CLASS_COST * (pattern.match(UNICODE_CLASSES) ?? []).length;
  if (!isPlain) return new SearchedText(cost, '', [], compiled);
  const words = pattern.split('|');
  if (words.every((word) => LITERAL.exec(word)?.[0] === word)) {
    return new SearchedText(words.length, '', words, undefined);
  }
  return new SearchedText(cost, wordAtStart(pattern) ?? '', neededWords(pattern), compiled);
}

class SearchedText implements TextPattern {
  /**
   * @param start with which the text has to begin
   * @param words of which one has to be in it, where there are any
   * @param machine what else it takes; undefined: nothing
   */
  constructor(
    readonly costPerCharacter: number,
    private readonly start: string,
    private readonly words: readonly string[],
    private readonly machine: RE2JS | undefined,
  ) {}

  isIn(text: string): boolean {
    if (this.start !== '' && !text.startsWith(this.start)) return false;
    if (this.words.length > 0 && !hasAny(text, this.words)) return false;
    return this.machine === undefined || this.machine.matcher(text).find();
  }
}

function hasAny(text: string, words: readonly string[]): boolean {
  for (const word of words) if (text.includes(word)) return true;
  return false;
}

/** What a text has to begin with. @returns undefined where the pattern says nothing of it */
function wordAtStart(pattern: string): string | undefined {
  if (!pattern.startsWith('^') || pattern.includes('|')) return undefined;
  const rest = pattern.slice(1);
  const literal = [...(LITERAL.exec(rest)?.[0] ?? '')];
  const isLastOpen = REPEATS_MAYBE_NEVER.test(rest.slice(literal.join('').length));
  const word = (isLastOpen ? literal.slice(0, -1) : literal).join('');
  return word === '' ? undefined : word;
}
