import { SITE_PATTERN } from '@tidings/catalogue';
import { AnyField, ChoiceField, type FieldOptions, IntegerField, TextField } from '@tidings/openapi';
import { sourceOfConnector } from './connector-parts.js';
import { CONNECTOR_STATES, type ConnectorRecord, type ConnectorState } from './connector-record.js';
import { CONNECTOR_KINDS, type ConnectorSettings, siteOfConnector, systemOf } from './connector-settings.js';

/** A running connector reports every second; silence for this long means that no process runs it, milliseconds. */
const SILENCE_MS = 10_000;

export class ConnectorPath {
  @TextField({ description: 'The connector’s name.', pattern: new RegExp(SITE_PATTERN), example: 'rack1' })
  name!: string;
}

export class ConnectorHookPath extends ConnectorPath {
  @TextField({
    description: 'As in the connector’s configuration; a wrong one is answered like an unknown name.',
    pattern: /^[A-Za-z0-9_-]{20,200}$/,
    example: 'x5JcVnR3bqW8kZ0mT7pYfD2h',
  })
  secret!: string;
}

const TimeOrNullField = (options: FieldOptions): PropertyDecorator =>
  AnyField({ type: 'string', format: 'date-time' }, { nullable: true, ...options });

/** A connector as the API shows it; never with a secret. */
export class Connector {
  @TextField({ example: 'rack1' })
  name!: string;

  @ChoiceField(Object.keys(CONNECTOR_KINDS), { example: 'lxd' })
  kind!: string;

  @TextField({ example: 'lxd' })
  system!: string;

  @TextField({ example: 'rack1' })
  site!: string;

  @TextField({ example: '/lxd/rack1' })
  source!: string;

  @TextField({
    description: 'The address it connects to; null for a hook.',
    nullable: true,
    example: 'https://rack1.example:8443',
  })
  address!: string | null;

  @ChoiceField(CONNECTOR_STATES, { description: '`unattended`: no process reports on it.', example: 'running' })
  state!: ConnectorState;

  @TimeOrNullField({ example: '2026-11-02T08:02:07.911Z' })
  state_since!: string | null;

  @TimeOrNullField({ example: null })
  paused_at!: string | null;

  @TextField({ nullable: true, example: null })
  paused_by!: string | null;

  @TextField({
    description: 'The process that runs it; null if all processes take part.',
    nullable: true,
    example: 'gateway-1:17',
  })
  holder!: string | null;

  @TimeOrNullField({ example: '2026-11-02T09:41:30.002Z' })
  reported_at!: string | null;

  @TimeOrNullField({
    description: 'Up to this time nothing is missing except what gap events name.',
    example: '2026-11-02T09:41:29.998Z',
  })
  covered_until!: string | null;

  @TimeOrNullField({ description: 'When the last event arrived.', example: '2026-11-02T09:41:22.101Z' })
  last_event_at!: string | null;

  @TextField({
    description: 'The time in the last event itself; null for a hook.',
    nullable: true,
    example: '2026-11-02T09:41:22.09771852Z',
  })
  last_event_time!: string | null;

  @AnyField({ type: 'number' }, { description: 'How far it is behind, if known.', nullable: true, example: 0 })
  lag_seconds!: number | null;

  @IntegerField({ minimum: 0, example: 4711 })
  events!: number;

  @IntegerField({ minimum: 0, example: 0 })
  rejected!: number;

  @IntegerField({ minimum: 0, example: 1 })
  failures!: number;

  @IntegerField({ minimum: 0, example: 1 })
  gaps!: number;

  @TextField({ nullable: true, example: 'It closed the connection (1006)' })
  last_error!: string | null;

  @TimeOrNullField({ example: '2026-11-02T08:01:53.204Z' })
  last_error_at!: string | null;
}

/** @param record undefined: it has never run @param now milliseconds */
export function connectorView(
  settings: ConnectorSettings,
  record: ConnectorRecord | undefined,
  now: number,
): Connector {
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
