import { isUtf8 } from 'node:buffer';
import { EVENT_LIMITS, isNestedDeeper, parseJson, type ParsedJson } from '@tidings/catalogue';

export type JsonTextReading =
  | { readonly text: string; readonly json: ParsedJson }
  | { readonly failure: 'not_json' | 'too_deep'; readonly problem: string };

/** Reads one JSON text (UTF-8 bytes), or says why it cannot be read. Never throws. */
export function readJsonText(bytes: Buffer): JsonTextReading {
  if (!isUtf8(bytes)) return { failure: 'not_json', problem: 'is not valid UTF-8; JSON is sent as UTF-8' };
  // Before parsing: the parser for unusual numbers recurses.
  if (isNestedDeeper(bytes, EVENT_LIMITS.depth.value)) {
    return { failure: 'too_deep', problem: `is nested more than ${EVENT_LIMITS.depth.value} levels deep; flatten it` };
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
