import type { ConnectorSession } from './connector-session.js';
import type { Gap } from './gap-events.js';

/**
 * Knows for which time a stream was followed without a hole. Its peer keeps nothing: what happened between two
 * connections is gone, and all that can be done is to say so. When something came does not tell what was still on its
 * way; an answer to a ping does: whatever the peer had sent before it got the ping is here.
 */
export class StreamCoverage {
  private until: number | undefined;
  private reason: Gap['reason'];
  private isConnected = false;

  constructor(private readonly session: ConnectorSession) {
    this.until = session.coveredBefore;
    this.reason = session.reasonBefore;
  }

  /** A connection begins; whether the peer already sends what happens is not known yet. */
  opened(): void {
    this.isConnected = false;
  }

  /** A ping was answered. @param askedAt when it was sent @param now both milliseconds */
  answered(askedAt: number, now: number): void {
    if (this.isConnected) {
      this.until = askedAt;
      this.session.flow.mark(askedAt);
      return;
    }
    this.isConnected = true;
    this.connected(now);
  }

  /** From now on everything comes. Tells of the time before, behind all that came until then. */
  private connected(at: number): void {
    const { until, session } = this;
    if (until !== undefined && at > until) {
      session.flow.pushOwn(session.gap(until, at, this.reason), at);
      session.journal.toldGap();
    }
    this.reason = 'connection_lost';
    this.until = at;
    session.flow.mark(at);
    session.journal.enter('running');
  }
}
