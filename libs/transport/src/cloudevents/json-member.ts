const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * The exact text of one member of a JSON object, so that what it holds goes on as it came, numbers beyond a double's
 * precision and the order of keys included.
 * @param text a JSON object that JSON.parse takes; anything else gives nonsense
 * @returns the last member of that name, which is the one that JSON.parse takes; undefined when there is none
 */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = skipString(text, at);
    const key = keyOf(text, at + 1, keyEnd - 1);
    const start = skipSpace(text, skipSpace(text, keyEnd, COLON));
    const end = skipValue(text, start);
    if (key === name) found = text.slice(start, end);
    at = skipSpace(text, end, COMMA);
  }
  return found;
}

/** A name as it is written, but for those that have escapes. */
function keyOf(text: string, from: number, to: number): unknown {
  const written = text.slice(from, to);
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as unknown) : written;
}

/** Skips white space, and one mark with the white space after it. */
function skipSpace(text: string, from: number, mark?: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); isSpace(code) || code === mark; code = text.charCodeAt(at)) at += 1;
  return at;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE && at < text.length; code = text.charCodeAt(at)) {
    at += code === BACKSLASH ? 2 : 1;
  }
  return at + 1;
}

function skipValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      // The end of the object around a number, true, false or null.
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || isSpace(code))) return at;
    at += 1;
  }
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
