import type { EventCriteria } from './event-criteria.js';

const MAX_KNOWN = 2_000;
const KNOWN_FOR_MS = 60_000;

/**
 * Which criteria were lately found to match more events than are counted for a list. Events hardly ever go away, so that
 * the answer stays right while the counting is spared.
 */
export class KnownBounds {
  private readonly since = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  has(criteria: EventCriteria): boolean {
    const at = this.since.get(JSON.stringify(criteria));
    return at !== undefined && this.now() - at < KNOWN_FOR_MS;
  }

  add(criteria: EventCriteria): void {
    if (this.since.size >= MAX_KNOWN) this.since.clear();
    this.since.set(JSON.stringify(criteria), this.now());
  }
}
