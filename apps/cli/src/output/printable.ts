/** Control characters, those of the upper half among them: to a terminal they are commands. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from outside as it may stand in a line for people: an event's text shall neither break the line nor command the
 * terminal.
 */
export function printable(text: string): string {
  return text.replace(
    CONTROL,
    (character) => NAMED[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
