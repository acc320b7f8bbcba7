import { isUtf8 } from 'node:buffer';
import { EVENT_LIMITS, isNestedDeeper, withExactNumbers, type ParsedJson } from '@tidings/catalogue';

/** Why bytes cannot be read as JSON. */
export interface UnreadJson {
  readonly failure: 'not_json' | 'too_deep';
  readonly problem: string;
}

/**
 * Reads one JSON text (UTF-8 bytes) as JSON.parse does, or says why it cannot be read. Never throws.
 * @param levels how deep it may be nested
 */
export function readJsonText(
  bytes: Buffer,
  levels: number = EVENT_LIMITS.depth.value,
): { readonly text: string; readonly plain: unknown } | UnreadJson {
  if (isWide(bytes)) return { failure: 'not_json', problem: WIDE };
  if (!isUtf8(bytes)) return { failure: 'not_json', problem: 'is not valid UTF-8; JSON is sent as UTF-8' };
  // Before parsing: the parser for unusual numbers recurses.
  if (isNestedDeeper(bytes, levels)) {
    return { failure: 'too_deep', problem: `is nested more than ${levels} levels deep; flatten it` };
  }
  const text = bytes.toString('utf8');
  try {
    return { text, plain: JSON.parse(text) as unknown };
  } catch (error) {
    return notJson(error);
  }
}

/** The same with unusual numbers digit by digit besides, for what is written again. Never throws. */
export function readExactJson(bytes: Buffer): ParsedJson | UnreadJson {
  const reading = readJsonText(bytes);
  if ('failure' in reading) return reading;
  try {
    return { plain: reading.plain, exact: withExactNumbers(reading.text, reading.plain) };
  } catch (error) {
    return notJson(error);
  }
}

function notJson(error: unknown): UnreadJson {
  return {
    failure: 'not_json',
    problem: `is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
  };
}

/** What is said of bytes that {@link isWide}. */
export const WIDE = 'is UTF-16 or UTF-32; JSON is sent as UTF-8';

/** Are they UTF-16 or UTF-32? Those begin with a byte order mark, or have a NUL among the first two bytes. */
export function isWide(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if (second === undefined) return false;
  return first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
