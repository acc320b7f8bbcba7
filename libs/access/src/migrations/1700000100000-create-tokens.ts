import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tokens, and who changed them. A token has one secret, or two while an old one is still good after a rotation; of a
 * revoked token none is left. A secret is a SHA-256: of the token's text, or of a client certificate's DER.
 */
export class CreateTokens1700000100000 implements MigrationInterface {
  readonly name = 'CreateTokens1700000100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE access.audit, access.secret, access.token;
      DROP FUNCTION access.refuse_change();
    `);
  }
}

const STATEMENTS = [
  `CREATE TABLE access.token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('bearer', 'certificate')),
    permissions text[] NOT NULL,
    scopes text[] NOT NULL,
    sources text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
  )`,
  `CREATE INDEX ON access.token (created_at DESC, id DESC)`,
  `CREATE TABLE access.secret (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    token_id uuid NOT NULL REFERENCES access.token (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz
  )`,
  `CREATE INDEX ON access.secret (token_id)`,

  `CREATE TABLE access.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb
  )`,
  `CREATE INDEX ON access.audit (subject, id)`,
  `CREATE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'access.audit is append-only' USING ERRCODE = 'insufficient_privilege';
    END
  $$`,
  `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.audit
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change()`,
];
