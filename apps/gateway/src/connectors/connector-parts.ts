import { type Catalogue, nativeSource } from '@tidings/catalogue';
import type { Environment } from '@tidings/runtime';
import type { OutgoingRecord, RecordPublisher } from '@tidings/transport';
import type { OutboundGuard } from '@tidings/outbound';
import type { EventStatus } from '../intake/reading.js';
import { NativeReader } from '../native/native-reader.js';
import { CdsConnector } from './cds-connector.js';
import { ConnectorJournal, type JournalCount } from './connector-journal.js';
import type { ConnectorRecord } from './connector-record.js';
import type { ConnectorSession, RunningConnector } from './connector-session.js';
import { type ConnectorSettings, type RunningSettings, siteOfConnector, systemOf } from './connector-settings.js';
import type { ConnectorRepository } from './connector.repository.js';
import { type Gap, gapRecord } from './gap-events.js';
import { reasonOf } from './hook-presence.js';
import { LxdConnector } from './lxd-connector.js';
import { NativeFlow } from './native-flow.js';
import { WaldurPoller } from './waldur-poller.js';

/** What connectors are put together from. */
export interface ConnectorParts {
  readonly catalogue: Catalogue;
  readonly environment: Environment;
  readonly publisher: RecordPublisher;
  readonly repository: ConnectorRepository;
  readonly count: (system: string, status: EventStatus) => void;
  /** Counts on what the journal of a connector counts. */
  readonly tally: (connector: string, count: JournalCount, amount: number) => void;
}

/** Makes the journal of a connector. */
export function journalOf({ name }: ConnectorSettings, { tally }: ConnectorParts): ConnectorJournal {
  return new ConnectorJournal((count, amount) => tally(name, count, amount));
}

/** Makes the event that tells of a gap of this connector. */
export function gapTeller(settings: ConnectorSettings, { catalogue, environment }: ConnectorParts) {
  const eventSource = sourceOfConnector(settings);
  return (from: number, to: number, reason: Gap['reason']): OutgoingRecord =>
    gapRecord({ connector: settings.name, eventSource, from, to, reason }, catalogue, environment.kafka.prefix);
}

export function sourceOfConnector(settings: ConnectorSettings): string {
  return nativeSource(systemOf(settings), siteOfConnector(settings));
}

/** What one run of a connector works with. @param record as it was before the run */
export function sessionOf(
  settings: RunningSettings,
  journal: ConnectorJournal,
  record: ConnectorRecord,
  parts: ConnectorParts,
): ConnectorSession {
  const { catalogue, environment, publisher, repository, count } = parts;
  const { name } = settings;
  const [systemName, site] = [systemOf(settings), siteOfConnector(settings)];
  const system = catalogue.system(systemName);
  if (system?.native === undefined) throw new Error(`The catalogue has no native events of ${systemName}`);
  const { prefix } = environment.kafka;
  const sender = { system: { ...system, native: system.native }, site, trace: undefined, hops: 0 };
  const reader = new NativeReader(catalogue, prefix, sender);
  const flow = new NativeFlow({
    ...{ publisher, count, journal },
    deadlineMs: environment.publishDeadlineMs,
    maxEventBytes: environment.maxEventBytes,
    read: (text) => reader.read(text),
    putAside: (beginning, problem) => reader.putAside(beginning, problem),
  });
  return {
    flow,
    journal,
    position: {
      load: () => repository.position(name),
      save: (position) => repository.savePosition(name, position),
    },
    coveredBefore: record.coveredUntil?.getTime(),
    reasonBefore: reasonOf(record),
    gap: gapTeller(settings, parts),
  };
}

/** The connector itself, by its kind. */
export function runningConnector(
  settings: RunningSettings,
  session: ConnectorSession,
  guard: OutboundGuard,
): RunningConnector {
  switch (settings.kind) {
    case 'lxd':
      return new LxdConnector(settings, session, guard);
    case 'cds-stream':
      return new CdsConnector(settings, session, guard);
    case 'waldur-poller':
      return new WaldurPoller(settings, session, guard);
  }
}
