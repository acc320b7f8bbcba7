/** What is told of a connector, besides what is configured. */
export interface ConnectorRecord {
  readonly name: string;
  readonly kind: string;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly resumedAt: Date | null;
  /** Up to here nothing is missing but what events of gaps name. Null: it never ran. */
  readonly coveredUntil: Date | null;
  readonly state: string;
  readonly stateSince: Date;
  /** The process that runs it, or ran it last. */
  readonly holder: string | null;
  readonly reportedAt: Date | null;
  readonly events: number;
  readonly rejected: number;
  readonly failures: number;
  readonly gaps: number;
  readonly lastEventAt: Date | null;
  /** What the event itself says. */
  readonly lastEventTime: string | null;
  readonly lagSeconds: number | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}

/** What a connector is doing. */
export const CONNECTOR_STATES = ['starting', 'connecting', 'running', 'failing', 'paused', 'unattended'] as const;
export type ConnectorState = (typeof CONNECTOR_STATES)[number];

/** What a process adds to the record of a connector. */
export interface ConnectorReport {
  readonly events: number;
  readonly rejected: number;
  readonly failures: number;
  readonly gaps: number;
  readonly lastEventAt?: Date;
  readonly lastEventTime?: string;
  readonly lastError?: { readonly message: string; readonly at: Date };
  readonly state: ConnectorState;
  readonly stateSince: Date;
  readonly coveredUntil?: Date;
  readonly lagSeconds?: number;
}
