const WILDCARD = '*';

/** Does a kafkaTopic fit a pattern: its name, or the beginning of its name followed by `*`? */
export function fitsPattern(pattern: string, kafkaTopic: string): boolean {
  return pattern.endsWith(WILDCARD) ? kafkaTopic.startsWith(pattern.slice(0, -1)) : kafkaTopic === pattern;
}

/** The pattern that says most of a kafkaTopic: its name, otherwise the longest beginning. */
export function closestPattern(patterns: Iterable<string>, kafkaTopic: string): string | undefined {
  let closest: string | undefined;
  for (const pattern of patterns) {
    if (pattern === kafkaTopic) return pattern;
    if (fitsPattern(pattern, kafkaTopic) && pattern.length > (closest?.length ?? 0)) closest = pattern;
  }
  return closest;
}
