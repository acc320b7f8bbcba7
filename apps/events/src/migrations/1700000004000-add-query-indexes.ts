import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTableIndex, type TableIndex } from './table-index.js';

/** Indexes for questions that the first ones answer slowly; docs/decisions/0006 has what each costs and why it stays. */
export class AddQueryIndexes1700000004000 implements MigrationInterface {
  readonly name = 'AddQueryIndexes1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await createTableIndex(runner, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events.event_by_tenant_type_id, events.event_by_subject');
  }
}

const INDEXES: readonly TableIndex[] = [
  // A large customer may have no event, or a few old ones, of the type that is asked for.
  { name: 'event_by_tenant_type_id', definition: '(tenant, type_id, id) WHERE tenant IS NOT NULL' },
  // Not the whole subject: whoever sends it says how long it is, and an entry of more than 2.7 kB cannot be stored.
  { name: 'event_by_subject', definition: '(left(subject, 128), id) WHERE subject IS NOT NULL' },
];
