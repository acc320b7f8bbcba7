/** Between the message and the values: in neither of them, so that nothing is found across the two. */
export const SEARCH_TEXT_SEPARATOR = '\u001F';

/** UTF-16 units of the message; nobody reads on, and the index grows with every one. */
const MAX_MESSAGE = 16_000;
/** UTF-16 units of all values together. */
const MAX_VALUES = 2_000;
/** Payloads are nested by whoever sends them. */
const MAX_DEPTH = 32;
const NUL = '\u0000';

/**
 * What text queries look through: the message, the separator, and the values of the context, nested ones included, joined
 * by spaces; all in lower case, because the query's words are, too.
 * @param values what the system shows as the event's context
 */
export function searchTextOf(message: string, values: unknown): string {
  const head = message.length > MAX_MESSAGE ? message.slice(0, MAX_MESSAGE) : message;
  const gathered = gather(values, '', 0);
  const tail = gathered.length > MAX_VALUES ? gathered.slice(0, MAX_VALUES) : gathered;
  return `${lowered(head)}${SEARCH_TEXT_SEPARATOR}${lowered(tail)}`;
}

/** Concatenates instead of collecting: V8 keeps such a text as a rope and copies it once. */
function gather(value: unknown, before: string, depth: number): string {
  if (typeof value === 'string') return before === '' ? value : `${before} ${value}`;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return before === '' ? String(value) : `${before} ${value}`;
  }
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return before;
  let text = before;
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) {
    text = gather(members[name], text, depth + 1);
    if (text.length > MAX_VALUES) return text;
  }
  return text;
}

function lowered(text: string): string {
  const hasNone = !text.includes(NUL) && !text.includes(SEARCH_TEXT_SEPARATOR);
  const storable = hasNone ? text : text.replaceAll(NUL, ' ').replaceAll(SEARCH_TEXT_SEPARATOR, ' ');
  return storable.toLowerCase();
}
