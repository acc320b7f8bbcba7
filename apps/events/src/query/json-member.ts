const STRUCTURE = /["[\]{}]/g;
const SPACE = /\s/;
const END_OF_SCALAR = /[\s,\]}]/g;

/**
 * Takes one member out of a JSON object as text, so that its numbers stay exact and nothing is parsed and written again.
 * @param json valid JSON
 * @returns the value's text, of the last one where the name occurs twice (as JSON.parse does); undefined when there is no
 *   such member, or the text is no object
 */
export function jsonMember(json: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return undefined;
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const endOfKey = endOfString(json, at);
    const key = json.slice(at, endOfKey);
    const start = skipSpace(json, skipSpace(json, endOfKey) + 1);
    const end = endOfValue(json, start);
    if (isName(key, name)) found = json.slice(start, end);
    at = skipSpace(json, end);
    if (json[at] !== ',') break;
    at = skipSpace(json, at + 1);
  }
  return found;
}

/** @param key a JSON string with its quotes */
function isName(key: string, name: string): boolean {
  return key.includes('\\') ? JSON.parse(key) === name : key.length === name.length + 2 && key.slice(1, -1) === name;
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (at < json.length && SPACE.test(json.charAt(at))) at += 1;
  return at;
}

/** @param from where its opening quote stands @returns behind its closing quote */
function endOfString(json: string, from: number): number {
  let quote = from;
  for (;;) {
    quote = json.indexOf('"', quote + 1);
    if (quote < 0) return json.length;
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

function endOfValue(json: string, from: number): number {
  const first = json[from];
  if (first === '"') return endOfString(json, from);
  if (first !== '{' && first !== '[') {
    END_OF_SCALAR.lastIndex = from;
    return END_OF_SCALAR.exec(json)?.index ?? json.length;
  }
  let depth = 0;
  let at = from;
  do {
    STRUCTURE.lastIndex = at;
    const match = STRUCTURE.exec(json);
    if (match === null) return json.length;
    const [character] = match;
    if (character === '"') {
      at = endOfString(json, match.index);
    } else {
      depth += character === '{' || character === '[' ? 1 : -1;
      at = match.index + 1;
    }
  } while (depth > 0);
  return at;
}
