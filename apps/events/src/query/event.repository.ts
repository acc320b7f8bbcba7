import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { PageRequest } from '../paging/page-request.js';
import type { EventCriteria } from './event-criteria.js';
import type { EventOrder } from './event-filter.js';
import { anyStatement, countStatement, pageStatement, singleStatement, type EventName } from './event-statement.js';
import type { Statement } from './statement.js';

/** An event as it lies in the store, as far as it is shown. */
export interface StoredEvent {
  /** 32 hex digits. */
  readonly id: string;
  readonly typeId: number;
  readonly message: string;
  /** The payload's JSON text. */
  readonly data: string;
}

export interface EventPage {
  /** How many events match, on whatever page. */
  readonly total: number;
  readonly events: readonly StoredEvent[];
}

interface EventColumns {
  readonly id: string;
  readonly type_id: number;
  readonly message: string;
  readonly data: string;
}

interface PageRow extends Partial<EventColumns> {
  readonly total: string;
}

/** Reads events. */
@Injectable()
export class EventRepository {
  constructor(private readonly pool: Pool) {}

  async page(criteria: EventCriteria, order: EventOrder, page: PageRequest): Promise<EventPage> {
    const rows = await this.run<PageRow>(pageStatement(criteria, order, page));
    return {
      total: Number(rows[0]?.total ?? 0),
      events: rows.filter((row): row is PageRow & EventColumns => row.id !== null).map(storedEvent),
    };
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

  private async run<Row extends object>({ text, values }: Statement): Promise<readonly Row[]> {
    const { rows } = await this.pool.query<Row>(text, [...values]);
    return rows;
  }
}

function storedEvent(row: EventColumns): StoredEvent {
  return { id: row.id.replaceAll('-', ''), typeId: row.type_id, message: row.message, data: row.data };
}
