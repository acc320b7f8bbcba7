/** What a pattern is made of, as far as it is read here. */
const PARTS = [
  ['words', /^\((?:\?:)?([^\\^$.?*+()[\]{}]*)\)/u],
  ['word', /^[^\\^$.|?*+()[\]{}]+/u],
  ['other', /^(?:[.^$*+?]|\{\d+(?:,\d*)?\}|\\(?:[dDwWsSbB]|\W)|\[(?!\^?\])\^?[^\\[\]]+\])/u],
] as const;
const REPEATS_MAYBE_NEVER = /^[?*{]/;

/**
 * Words of which a text has at least one wherever the pattern matches it: looking for them is several times as fast as
 * trying the pattern. Of what may be written, the simple part is understood: words, groups of them, sets of characters.
 * @param pattern an expression of RE2 without flags
 * @returns those that are the rarest; none where nothing is known
 */
export function neededWords(pattern: string): readonly string[] {
  let best: readonly string[] = [];
  for (let rest = pattern; rest !== '';) {
    const part = nextPart(rest);
    // An alternative of the whole pattern, or what is not understood.
    if (part === undefined) return [];
    rest = rest.slice(part.text.length);
    const words = part.words.map((word) => (part.isWord ? withoutOptional(word, rest) : word));
    const isOptional = !part.isWord && REPEATS_MAYBE_NEVER.test(rest);
    if (!isOptional && shortest(words) > shortest(best)) best = words;
  }
  return best;
}

function nextPart(
  rest: string,
): { readonly text: string; readonly words: readonly string[]; readonly isWord: boolean } | undefined {
  for (const [kind, expression] of PARTS) {
    const match = expression.exec(rest);
    if (match === null) continue;
    const [text, group] = match;
    if (kind === 'other') return { text, words: [], isWord: false };
    return { text, words: kind === 'words' ? (group ?? '').split('|') : [text], isWord: kind === 'word' };
  }
  return undefined;
}

/** A repetition is of the last character only. */
function withoutOptional(word: string, rest: string): string {
  return REPEATS_MAYBE_NEVER.test(rest) ? [...word].slice(0, -1).join('') : word;
}

function shortest(words: readonly string[]): number {
  return words.length === 0 ? 0 : Math.min(...words.map(({ length }) => length));
}
