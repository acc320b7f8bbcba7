import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions are tokens that a one-time code was traded for. Of a code only its SHA-256 is kept. */
export class AddSessions1700000101000 implements MigrationInterface {
  readonly name = 'AddSessions1700000101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE access.token DROP CONSTRAINT token_kind_check,
        ADD CONSTRAINT token_kind_check CHECK (kind IN ('bearer', 'certificate', 'session'));
      CREATE TABLE access.login_code (
        digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
        permissions text[] NOT NULL,
        scopes text[] NOT NULL,
        sources text[] NOT NULL,
        created_by text NOT NULL,
        created_by_name text NOT NULL,
        expires_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE access.login_code;
      DELETE FROM access.secret USING access.token WHERE token.id = secret.token_id AND kind = 'session';
      DELETE FROM access.token WHERE kind = 'session';
      ALTER TABLE access.token DROP CONSTRAINT token_kind_check,
        ADD CONSTRAINT token_kind_check CHECK (kind IN ('bearer', 'certificate'));
    `);
  }
}
