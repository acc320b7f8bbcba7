import { Injectable } from '@nestjs/common';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

export interface StoredInstance {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly is_default: boolean;
  readonly created_at: Date;
}

const COLUMNS = 'id, name, scopes, is_default, created_at';

@Injectable()
export class InstanceRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async page(slice: ListQuery): Promise<ListPage<StoredInstance>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.instance',
        where: SEARCHED.byName,
        order: 'is_default DESC, created_at, id',
      },
      [],
      slice,
    );
  }

  async find(id: string, on: Queryable = this.database.pool): Promise<StoredInstance | undefined> {
    const { rows } = await on.query<StoredInstance>(`SELECT ${COLUMNS} FROM notifications.instance WHERE id = $1`, [
      id,
    ]);
    return rows[0];
  }

  async findDefault(): Promise<StoredInstance | undefined> {
    const { rows } = await this.database.pool.query<StoredInstance>(
      `SELECT ${COLUMNS} FROM notifications.instance WHERE is_default`,
    );
    return rows[0];
  }

  /** @returns the id of the instance that has the name */
  async idNamed(on: Queryable, name: string): Promise<string | undefined> {
    const { rows } = await on.query<{ id: string }>('SELECT id FROM notifications.instance WHERE name = $1', [name]);
    return rows[0]?.id;
  }

  async insert(on: Queryable, id: string, name: string, scopes: readonly string[]): Promise<void> {
    await on.query('INSERT INTO notifications.instance (id, name, scopes) VALUES ($1, $2, $3)', [id, name, scopes]);
  }

  async remove(on: Queryable, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.instance WHERE id = $1', [id]);
  }
}
