import { Injectable } from '@nestjs/common';
import { databaseErrorCode } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import { Pool } from 'pg';
import type { EventCriteria } from './event-criteria.js';
import {
  anyStatement,
  countStatement,
  pageStatement,
  singleStatement,
  type EventName,
  type PageSlice,
} from './event-statement.js';
import type { Statement } from './statement.js';

/** What takes longer would take longer for everybody. */
const STATEMENT_TIMEOUT_MS = 15_000;
const QUERY_CANCELED = '57014';

/** An event as it lies in the store, as far as it is shown. */
export interface StoredEvent {
  /** 32 hex digits. */
  readonly id: string;
  readonly typeId: number;
  readonly sourceId: number;
  readonly eventId: string;
  readonly subject: string | null;
  /** Its index among OUTCOMES. */
  readonly outcome: number | null;
  readonly conforming: boolean;
  readonly message: string;
  /** The payload's JSON text. */
  readonly data: string;
}

/** Events as the store holds them, of one snapshot. */
export interface EventSlice {
  /** How many events match, as far as they were counted; undefined: they were not. */
  readonly total: number | undefined;
  /** Of the dictionary at that moment. */
  readonly dictionaryVersion: string;
  readonly events: readonly StoredEvent[];
}

interface EventColumns {
  readonly id: string;
  readonly type_id: number;
  readonly source_id: number;
  readonly event_id: string;
  readonly subject: string | null;
  readonly outcome: number | null;
  readonly conforming: boolean;
  readonly message: string;
  readonly data: string;
}

/** What `pageStatement` answers. */
export interface PageRow extends Partial<EventColumns> {
  readonly total: string | null;
  readonly dictionary: string;
}

/** Reads events. */
@Injectable()
export class EventRepository {
  constructor(private readonly pool: Pool) {}

  async page(criteria: EventCriteria, slice: PageSlice): Promise<EventSlice> {
    return eventsIn(await this.run<PageRow>(pageStatement(criteria, slice)));
  }

  async count(criteria: EventCriteria): Promise<number> {
    const [row] = await this.run<{ total: string }>(countStatement(criteria));
    return Number(row?.total ?? 0);
  }

  /** Whether any event matches at all. */
  async isAny(criteria: EventCriteria): Promise<boolean> {
    const [row] = await this.run<{ any: boolean }>(anyStatement(criteria));
    return row?.any ?? false;
  }

  /** The event of that name, when the criteria allow it. */
  async find(by: EventName, criteria: EventCriteria): Promise<StoredEvent | undefined> {
    const [row] = await this.run<EventColumns>(singleStatement(by, criteria));
    return row === undefined ? undefined : storedEvent(row);
  }

  /** @throws {DomainError} `query_timeout` */
  private async run<Row extends object>({ text, values }: Statement): Promise<readonly Row[]> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      // One round trip for both; the connections are shared with what may take its time.
      await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      const { rows } = await client.query<Row>(text, [...values]);
      await client.query('COMMIT');
      return rows;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      if (databaseErrorCode(error) === QUERY_CANCELED) throw new DomainError('query_timeout', {}, { cause: error });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** The events in the rows of `pageStatement`, and what stands beside them. */
export function eventsIn(rows: readonly PageRow[]): EventSlice {
  const [first] = rows;
  return {
    total: typeof first?.total === 'string' ? Number(first.total) : undefined,
    dictionaryVersion: first?.dictionary ?? '',
    events: rows.filter((row): row is PageRow & EventColumns => row.id !== null).map(storedEvent),
  };
}

function storedEvent({ id, type_id, source_id, event_id, ...rest }: EventColumns): StoredEvent {
  const { subject, outcome, conforming, message, data } = rest;
  return {
    id: id.replaceAll('-', ''),
    typeId: type_id,
    sourceId: source_id,
    eventId: event_id,
    subject,
    outcome,
    conforming,
    message,
    data,
  };
}
