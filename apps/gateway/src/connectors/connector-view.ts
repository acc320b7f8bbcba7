import { CONNECTOR_STATES, type ConnectorRecord, type ConnectorState } from './connector-record.js';
import { sourceOfConnector } from './connector-parts.js';
import { type ConnectorSettings, siteOfConnector, systemOf } from './connector-settings.js';

/** Whoever runs a connector tells of it every second; silence for this long means that nobody does, milliseconds. */
const SILENCE_MS = 10_000;

/** A connector as the API shows it; never with a secret. */
export interface ConnectorView {
  readonly name: string;
  readonly kind: string;
  readonly system: string;
  readonly site: string;
  readonly source: string;
  /** Where it goes and gets; null for a hook. */
  readonly address: string | null;
  readonly state: ConnectorState;
  readonly state_since: string | null;
  readonly paused_at: string | null;
  readonly paused_by: string | null;
  readonly holder: string | null;
  readonly reported_at: string | null;
  readonly covered_until: string | null;
  readonly last_event_at: string | null;
  readonly last_event_time: string | null;
  readonly lag_seconds: number | null;
  readonly events: number;
  readonly rejected: number;
  readonly failures: number;
  readonly gaps: number;
  readonly last_error: string | null;
  readonly last_error_at: string | null;
}

/** @param record undefined: it was never looked after @param now milliseconds */
export function connectorView(
  settings: ConnectorSettings,
  record: ConnectorRecord | undefined,
  now: number,
): ConnectorView {
  const text = (time: Date | null | undefined): string | null => time?.toISOString() ?? null;
  return {
    name: settings.name,
    kind: settings.kind,
    system: systemOf(settings),
    site: siteOfConnector(settings),
    source: sourceOfConnector(settings),
    address: addressOf(settings),
    state: stateOf(record, now),
    state_since: text(record?.pausedAt ?? record?.stateSince),
    paused_at: text(record?.pausedAt),
    paused_by: record?.pausedBy ?? null,
    holder: record?.holder ?? null,
    reported_at: text(record?.reportedAt),
    covered_until: text(record?.coveredUntil),
    last_event_at: text(record?.lastEventAt),
    last_event_time: record?.lastEventTime ?? null,
    lag_seconds: record?.lagSeconds ?? null,
    events: record?.events ?? 0,
    rejected: record?.rejected ?? 0,
    failures: record?.failures ?? 0,
    gaps: record?.gaps ?? 0,
    last_error: record?.lastError ?? null,
    last_error_at: text(record?.lastErrorAt),
  };
}

function stateOf(record: ConnectorRecord | undefined, now: number): ConnectorState {
  if (record === undefined) return 'starting';
  if (record.pausedAt !== null) return 'paused';
  if (record.reportedAt === null) return 'starting';
  if (now - record.reportedAt.getTime() > SILENCE_MS) return 'unattended';
  return CONNECTOR_STATES.find((state) => state === record.state) ?? 'starting';
}

function addressOf(settings: ConnectorSettings): string | null {
  if ('url' in settings && settings.url !== undefined) return settings.url;
  return 'socket' in settings && settings.socket !== undefined ? settings.socket : null;
}
