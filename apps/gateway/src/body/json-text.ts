import { isUtf8 } from 'node:buffer';
import { parseJson, type ParsedJson } from '@tidings/catalogue';

/**
 * How deep arrays and objects may be nested. PostgreSQL's parser, JSON.stringify and most readers downstream recurse,
 * and the tightest of them give up at about a thousand levels; no event of any system comes near a hundred.
 */
export const MAX_NESTING = 500;

export type JsonTextReading =
  | { readonly text: string; readonly json: ParsedJson }
  | { readonly failure: 'not_json' | 'too_deep'; readonly problem: string };

/** Reads one JSON text (UTF-8 bytes), or says why it cannot be read. Never throws. */
export function readJsonText(bytes: Buffer): JsonTextReading {
  if (!isUtf8(bytes)) return { failure: 'not_json', problem: 'is not valid UTF-8; JSON is sent as UTF-8' };
  // Before parsing: the parser for unusual numbers recurses.
  if (isNestedTooDeep(bytes)) {
    return { failure: 'too_deep', problem: `is nested more than ${MAX_NESTING} levels deep; flatten it` };
  }
  const text = bytes.toString('utf8');
  try {
    return { text, json: parseJson(text) };
  } catch (error) {
    return {
      failure: 'not_json',
      problem: `is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts the brackets outside of strings; the text need not be valid. */
export function isNestedTooDeep(bytes: Buffer, levels = MAX_NESTING): boolean {
  // Every level takes two brackets, so most events are known to be shallow by their size alone.
  if (bytes.length <= 2 * levels) return false;
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      index = endOfString(bytes, index + 1);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

/** @returns the index of the closing quote, or the length where there is none */
function endOfString(bytes: Buffer, from: number): number {
  for (let index = from; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index += 1;
  }
  return bytes.length;
}
