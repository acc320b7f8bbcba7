import type { ConnectorReport, ConnectorState } from './connector-record.js';

const NOTHING = { events: 0, rejected: 0, failures: 0, gaps: 0 } as const;

/** What is counted. */
export type JournalCount = keyof typeof NOTHING;

type Counts = { -readonly [Name in keyof typeof NOTHING]: number };

/** What happened with a connector in this process, until it is written down for all of them. */
export class ConnectorJournal {
  private counts: Counts = { ...NOTHING };
  private latest: Pick<ConnectorReport, 'lastEventAt' | 'lastEventTime' | 'lastError' | 'coveredUntil'> = {};
  private behind: number | undefined;
  private current: ConnectorState = 'starting';
  private since = new Date();

  /** @param told called for every count, for whoever counts on */
  constructor(private readonly told: (count: JournalCount, amount: number) => void = () => undefined) {}

  get state(): ConnectorState {
    return this.current;
  }

  /** Seconds; undefined: it is not known. */
  get lag(): number | undefined {
    return this.behind;
  }

  enter(state: ConnectorState): void {
    if (state === this.current) return;
    this.current = state;
    this.since = new Date();
  }

  /** Kafka has them. @param time what the last of them says itself */
  took(events: number, arrivedAt: Date, time?: string): void {
    this.add('events', events);
    this.latest = { ...this.latest, lastEventAt: arrivedAt, ...(time !== undefined && { lastEventTime: time }) };
  }

  /** Events that could not be kept. */
  refused(events: number, message: string): void {
    this.add('rejected', events);
    this.latest = { ...this.latest, lastError: { message, at: new Date() } };
  }

  failed(message: string): void {
    this.add('failures', 1);
    this.latest = { ...this.latest, lastError: { message, at: new Date() } };
  }

  toldGap(): void {
    this.add('gaps', 1);
  }

  /** Up to then nothing is missing. @param at milliseconds */
  covered(at: number): void {
    const before = this.latest.coveredUntil?.getTime() ?? 0;
    if (at > before) this.latest = { ...this.latest, coveredUntil: new Date(at) };
  }

  /** @param seconds undefined: it is not known */
  lags(seconds: number | undefined): void {
    this.behind = seconds;
  }

  /** Everything since it was taken last. */
  take(): ConnectorReport {
    const { counts, latest, behind } = this;
    this.counts = { ...NOTHING };
    this.latest = {};
    return {
      ...counts,
      ...latest,
      state: this.current,
      stateSince: this.since,
      ...(behind !== undefined && { lagSeconds: behind }),
    };
  }

  /** It could not be written down: it is told the next time. */
  giveBack(report: ConnectorReport): void {
    for (const name of Object.keys(NOTHING) as JournalCount[]) this.counts[name] += report[name];
    const { lastEventAt, lastEventTime, lastError, coveredUntil } = report;
    this.latest = {
      ...(lastEventAt && { lastEventAt }),
      ...(lastEventTime !== undefined && { lastEventTime }),
      ...(lastError && { lastError }),
      ...(coveredUntil && { coveredUntil }),
      ...this.latest,
    };
  }

  private add(count: JournalCount, amount: number): void {
    this.counts[count] += amount;
    this.told(count, amount);
  }
}
