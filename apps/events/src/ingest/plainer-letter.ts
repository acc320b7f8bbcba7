import type { DeadLetter, LetterPart } from './dead-letter.js';

/** What is given up first: the value is what a repair needs most. */
const STEPS: readonly (readonly LetterPart[])[] = [
  ['key', 'headers'],
  ['key', 'headers', 'value'],
];

/**
 * A dead letter that the database refuses, with less in it. Its reason and its place are always kept: a letter that could
 * not be written at all would hold up its partition for ever.
 * @returns undefined when nothing more can be left out
 */
export function plainerLetter(letter: DeadLetter, refusal: unknown): DeadLetter | undefined {
  const already = letter.omitted?.length ?? 0;
  const omitted = STEPS.find((parts) => parts.length > already);
  if (omitted === undefined) return undefined;
  const why = refusal instanceof Error ? refusal.message : String(refusal);
  return {
    ...letter,
    detail: already > 0 ? letter.detail : `${letter.detail} Not all of it could be kept: ${why}.`,
    problems: [],
    omitted,
  };
}
