import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '@tidings/database';
import type { EventCriteria } from './event-criteria.js';
import {
  anyStatement,
  countStatement,
  eventsStatement,
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

/** An event's place on a page. */
export interface PageEntry {
  /** 32 hex digits. */
  readonly id: string;
  readonly typeId: number;
  readonly sourceId: number;
  /** How many bytes there are up to its end, as far as they were counted. */
  readonly bytes: number;
  /** Undefined: it was too large to come along. */
  readonly event: StoredEvent | undefined;
}

/** Events as the store holds them, of one snapshot. */
export interface EventSlice {
  /** How many events match, as far as they were counted; undefined: they were not. */
  readonly total: number | undefined;
  /** Of the dictionary at that moment. */
  readonly dictionaryVersion: string;
  readonly entries: readonly PageEntry[];
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
export interface PageRow {
  readonly total: string | null;
  readonly dictionary: string;
  readonly id: string | null;
  readonly bytes: number;
}

/** Of a page that has events. */
type EntryRow = PageRow &
  (EventColumns | (Pick<EventColumns, 'id' | 'type_id' | 'source_id'> & { readonly data: null }));

/** Reads events. */
@Injectable()
export class EventRepository {
  constructor(private readonly reader: DatabaseReader) {}

  async page(criteria: EventCriteria, slice: PageSlice): Promise<EventSlice> {
    return entriesIn(await this.reader.read<PageRow>(pageStatement(criteria, slice)));
  }

  /**
   * The events of the first of these ids, 32 hex digits, that have so many bytes together. The first is among them however
   * large it is, unless it is gone.
   */
  async firstOf(ids: readonly string[], bytes: number): Promise<readonly StoredEvent[]> {
    return (await this.reader.read<EventColumns>(eventsStatement(ids, bytes))).map(storedEvent);
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
export function entriesIn(rows: readonly PageRow[]): EventSlice {
  const [first] = rows;
  return {
    total: typeof first?.total === 'string' ? Number(first.total) : undefined,
    dictionaryVersion: first?.dictionary ?? '',
    entries: rows.filter((row): row is EntryRow => row.id !== null).map(entryOf),
  };
}

function entryOf(row: EntryRow): PageEntry {
  const { id, type_id, source_id, bytes } = row;
  const event = row.data === null ? undefined : storedEvent(row);
  return { id: id.replaceAll('-', ''), typeId: type_id, sourceId: source_id, bytes, event };
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
