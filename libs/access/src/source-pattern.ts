import type { Principal } from './principal.js';

/** Whether a caller may publish events as a CloudEvents `source`: it is one of theirs, or begins with one that ends in `*`. */
export function mayPublishAs({ sources }: Pick<Principal, 'sources'>, source: string): boolean {
  return sources.some((pattern) =>
    pattern.endsWith('*') ? source.startsWith(pattern.slice(0, -1)) : source === pattern,
  );
}
