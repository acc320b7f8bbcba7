import type { RE2JS } from 're2js';

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
 * Most patterns that people write are a few words, `dallas|london`, or begin with some: those are looked for without
 * the machine of the expression, which takes ten times as long.
 * @param isPlain without flags, which change what a character stands for
 */
export function textPattern(pattern: string, compiled: RE2JS, isPlain: boolean): TextPattern {
  const whole: TextPattern = {
    costPerCharacter: compiled.programSize() + UNICODE_CLASS_COST * (pattern.match(UNICODE_CLASSES) ?? []).length,
    isIn: (text) => compiled.matcher(text).find(),
  };
  if (!isPlain) return whole;
  const words = pattern.split('|');
  if (words.every((word) => LITERAL.exec(word)?.[0] === word)) {
    return { costPerCharacter: words.length, isIn: (text) => words.some((word) => text.includes(word)) };
  }
  const start = wordAtStart(pattern);
  if (start === undefined) return whole;
  return { ...whole, isIn: (text) => text.startsWith(start) && whole.isIn(text) };
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
