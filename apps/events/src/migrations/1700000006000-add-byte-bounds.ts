import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many bytes rows have, one after the other, up to a bound: behind it no payload is looked at any more. A plain sum
 * would unpack all of them to know their lengths.
 */
export class AddByteBounds1700000006000 implements MigrationInterface {
  readonly name = 'AddByteBounds1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION events.add_bytes(so_far bigint, data json, attributes json, others bigint, bound bigint)
      RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN so_far > bound THEN so_far
          ELSE so_far + others + octet_length(data::text) + coalesce(octet_length(attributes::text), 0) END
      $$`);
    await runner.query(`CREATE AGGREGATE events.bytes_up_to(data json, attributes json, others bigint, bound bigint) (
      SFUNC = events.add_bytes, STYPE = bigint, INITCOND = '0'
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP AGGREGATE events.bytes_up_to(json, json, bigint, bigint)`);
    await runner.query(`DROP FUNCTION events.add_bytes(bigint, json, json, bigint, bigint)`);
  }
}
