import type { ConnectorSession } from './connector-session.js';
import type { Gap } from './gap-events.js';

/**
 * Knows for which time a stream was followed without a hole. Its peer keeps nothing: what happened between two
 * connections is gone, and all that can be done is to say so.
 */
export class StreamCoverage {
  private until: number | undefined;
  private reason: Gap['reason'];

  constructor(private readonly session: ConnectorSession) {
    this.until = session.coveredBefore;
    this.reason = session.reasonBefore;
  }

  /** From now on everything comes. Tells of the time before, behind all that came until then. */
  connected(at: number): void {
    const { until, session } = this;
    if (until !== undefined && at > until) {
      session.flow.pushOwn(session.gap(until, at, this.reason), at);
      session.journal.toldGap();
    }
    this.reason = 'connection_lost';
    this.until = at;
    this.idle(at);
  }

  /** The connection is alive: everything until now has come. */
  alive(at: number): void {
    this.until = Math.max(this.until ?? at, at);
    this.idle(this.until);
  }

  private idle(at: number): void {
    const { flow, journal } = this.session;
    if (flow.isEmpty) journal.covered(at);
  }
}
