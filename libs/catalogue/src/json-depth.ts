const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether JSON (UTF-8 bytes) has arrays and objects deeper than that within each other: before parsing, since parsers and
 * writers recurse. The text need not be valid JSON.
 */
export function isNestedDeeper(bytes: Uint8Array, levels: number): boolean {
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
function endOfString(bytes: Uint8Array, from: number): number {
  for (let index = from; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index += 1;
  }
  return bytes.length;
}
