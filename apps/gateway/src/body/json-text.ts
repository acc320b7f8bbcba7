import { isUtf8 } from 'node:buffer';
import { EVENT_LIMITS, isNestedDeeper, withExactNumbers, type ParsedJson } from '@tidings/catalogue';

/** Why bytes cannot be read as JSON. */
export interface UnreadJson {
  readonly failure: 'not_json' | 'too_deep';
  readonly problem: string;
}

/** Reads one JSON text (UTF-8 bytes) as JSON.parse does, or says why it cannot be read. Never throws. */
export function readJsonText(bytes: Buffer): { readonly text: string; readonly plain: unknown } | UnreadJson {
  if (!isUtf8(bytes)) return { failure: 'not_json', problem: 'is not valid UTF-8; JSON is sent as UTF-8' };
  // Before parsing: the parser for unusual numbers recurses.
  if (isNestedDeeper(bytes, EVENT_LIMITS.depth.value)) {
    return { failure: 'too_deep', problem: `is nested more than ${EVENT_LIMITS.depth.value} levels deep; flatten it` };
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
