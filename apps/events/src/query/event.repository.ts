import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '@tidings/database';
import type { EventCriteria } from './event-criteria.js';
import {
  anyStatement,
  countStatement,
  pageStatement,
  singleStatement,
  type EventName,
  type PageSlice,
} from './event-statement.js';

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
  /** JSON text of what has no column: a finer time, another dataschema, extensions. */
  readonly attributes: string | null;
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
  readonly attributes: string | null;
}

/** What `pageStatement` answers. */
export interface PageRow extends Partial<EventColumns> {
  readonly total: string | null;
  readonly dictionary: string;
}

/** Reads events. */
@Injectable()
export class EventRepository {
  constructor(private readonly reader: DatabaseReader) {}

  async page(criteria: EventCriteria, slice: PageSlice): Promise<EventSlice> {
    return eventsIn(await this.reader.read<PageRow>(pageStatement(criteria, slice)));
  }

  async count(criteria: EventCriteria): Promise<number> {
    const [row] = await this.reader.read<{ total: string }>(countStatement(criteria));
    return Number(row?.total ?? 0);
  }

  /** Whether any event matches at all. */
  async isAny(criteria: EventCriteria): Promise<boolean> {
    const [row] = await this.reader.read<{ any: boolean }>(anyStatement(criteria));
    return row?.any ?? false;
  }

  /** The event of that name, when the criteria allow it. */
  async find(by: EventName, criteria: EventCriteria): Promise<StoredEvent | undefined> {
    const [row] = await this.reader.read<EventColumns>(singleStatement(by, criteria));
    return row === undefined ? undefined : storedEvent(row);
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
  const { subject, outcome, conforming, message, data, attributes } = rest;
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
    attributes,
  };
}
