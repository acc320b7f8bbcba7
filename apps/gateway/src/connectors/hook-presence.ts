import type { OutgoingRecord } from '@tidings/transport';
import type { ConnectorJournal } from './connector-journal.js';
import type { ConnectorRecord } from './connector-record.js';
import type { ConnectorRepository } from './connector.repository.js';
import type { Gap } from './gap-events.js';

export const PRESENCE = {
  /** So long may nobody have said that the hook is there, before it counts as a gap, milliseconds: rounds take a second. */
  tolerance: 5_000,
  /** A process that did nothing for this long stood still, and took nothing, milliseconds. */
  standstill: 10_000,
} as const;

/**
 * Knows for which time a hook was there to be called. Who calls hooks does not call again: what was posted while no
 * gateway took it is gone, and all that can be done is to say so.
 */
export class HookPresence {
  private servedSince: number;
  private lastRound: number;
  private missedSince: number | undefined;

  constructor(
    private readonly name: string,
    private readonly journal: ConnectorJournal,
    private readonly repository: Pick<ConnectorRepository, 'cover'>,
    private readonly gap: (from: number, to: number, reason: Gap['reason']) => OutgoingRecord,
    private readonly publish: (record: OutgoingRecord) => Promise<void>,
    now: number,
  ) {
    this.servedSince = now;
    this.lastRound = now;
  }

  /** Something was posted and could not be taken, since Kafka did not answer. */
  missed(at: number): void {
    this.missedSince ??= at;
  }

  /** It was paused: what was posted until now was turned away. */
  paused(now: number): void {
    this.servedSince = now;
    this.lastRound = now;
  }

  /** Says that the hook is there. @throws where the database or Kafka is away; the next round says it again */
  async round(now: number): Promise<void> {
    if (now - this.lastRound > PRESENCE.standstill) this.servedSince = now;
    this.lastRound = now;
    const { servedSince, missedSince } = this;
    await this.repository.cover(this.name, async (record) => {
      const { coveredUntil } = record;
      if (coveredUntil === null) return;
      const reason = reasonOf(record);
      const absent = servedSince - coveredUntil.getTime();
      if (reason === 'paused' || absent > PRESENCE.tolerance)
        await this.tell(coveredUntil.getTime(), servedSince, reason);
    });
    if (missedSince === undefined || missedSince >= now) return;
    await this.tell(missedSince, now, 'not_taken');
    this.missedSince = undefined;
  }

  private async tell(from: number, to: number, reason: Gap['reason']): Promise<void> {
    if (to <= from) return;
    await this.publish(this.gap(from, to, reason));
    this.journal.toldGap();
  }
}

/** Why a connector was not there since nobody said that it is. */
export function reasonOf({ resumedAt, coveredUntil }: ConnectorRecord): Gap['reason'] {
  return resumedAt !== null && coveredUntil !== null && resumedAt > coveredUntil ? 'paused' : 'restarted';
}
