/** A class of Unicode's, such as `\\pL`, is a table of hundreds of ranges; compiling it takes as long as so many characters. */
const UNICODE_CLASS = 40;

/** What is in brackets; a bracket at its beginning is one of them. */
const CHARACTERS = /^\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]/su;

/**
 * About how large a pattern becomes when it is compiled, told without compiling it: a repetition is compiled as often as
 * it may repeat, and repetitions within repetitions multiply.
 */
export function patternSize(pattern: string): number {
  /** What was counted outside of each group that is open. */
  const outside: number[] = [];
  let total = 0;
  let last = 0;
  const add = (size: number): void => {
    total += size;
    last = size;
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at, at + 16);
    const character = pattern.charAt(at);
    const count = /^\{(\d{1,9})(?:,(\d{0,9}))?\}/.exec(rest);
    if (count !== null) {
      const [text, least, most] = count;
      const times = Math.max(Number(least), Number(most ?? 0), 1);
      const repeated = last;
      add(repeated * (times - 1));
      last = repeated * times;
      at += text.length - 1;
    } else if (character === '[') {
      const characters = CHARACTERS.exec(pattern.slice(at))?.[0] ?? character;
      add(1 + UNICODE_CLASS * (characters.match(/\\[pP]/g) ?? []).length);
      at += characters.length - 1;
    } else if (character === '(') {
      outside.push(total);
      total = 0;
    } else if (character === ')') {
      const group = total + 1;
      total = outside.pop() ?? 0;
      add(group);
    } else if (character === '\\') {
      add(/^\\[pP]/.test(rest) ? UNICODE_CLASS : 1);
      at += 1;
    } else if (character !== '?' || last === 0) {
      add(1);
    }
  }
  return outside.reduce((sum, size) => sum + size, total);
}
