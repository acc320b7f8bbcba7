import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The place of deliveries whose order matters: those to Kafka topics, which keep the order of each entity. */
export class OrderDeliveries1700001003000 implements MigrationInterface {
  readonly name = 'OrderDeliveries1700001003000';

  async up(runner: QueryRunner): Promise<void> {
    // order_key: a hash of the Kafka key; null where the destination keeps no order. place: rises from one row to the
    // next as the matcher reads them.
    await runner.query('ALTER TABLE notifications.delivery ADD COLUMN order_key bigint, ADD COLUMN place bigint');
    // One number a statement, with room for all of its rows behind it.
    await runner.query('CREATE SEQUENCE notifications.delivery_place INCREMENT BY 16777216');
    await runner.query(
      `CREATE INDEX delivery_order ON notifications.delivery (destination_id, order_key, place)
      WHERE order_key IS NOT NULL AND state IN ('waiting', 'leased')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notifications.delivery_order');
    await runner.query('DROP SEQUENCE notifications.delivery_place');
    await runner.query('ALTER TABLE notifications.delivery DROP COLUMN order_key, DROP COLUMN place');
  }
}
