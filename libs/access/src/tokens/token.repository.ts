import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { AccessDatabase } from '../access-database.store.js';
import type { PageRequest } from '@tidings/runtime';
import { type ListPage, sliceOf } from '../list-page.js';
import type { Permission } from '../permissions.js';
import type { StoredToken, TokenDraft, TokenKind } from './stored-token.js';

const COLUMNS = `token.id, name, kind, permissions, scopes, sources, token.created_at, created_by, expires_at, revoked_at,
  (SELECT encode(digest, 'hex') FROM access.secret
    WHERE kind = 'certificate' AND token_id = token.id AND ends_at IS NULL) AS fingerprint,
  (SELECT max(ends_at) FROM access.secret WHERE token_id = token.id AND ends_at > now()) AS grace_ends_at`;

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly kind: TokenKind;
  readonly permissions: readonly Permission[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly fingerprint: string | null;
  readonly grace_ends_at: Date | null;
}

/** Where a change happens: within a transaction. */
export type TokenTransaction = PoolClient;

/** Keeps tokens. What changes them takes the transaction that the audit log is written in. */
@Injectable()
export class TokenRepository {
  constructor(private readonly database: AccessDatabase) {}

  /** Newest first. @param isActive undefined: revoked and expired ones, too */
  async page(isActive: boolean | undefined, slice: PageRequest): Promise<ListPage<StoredToken>> {
    const { pool } = this.database;
    const condition = activity(isActive);
    const counted = await pool.query<{ total: string }>(
      `SELECT count(*) AS total FROM access.token WHERE ${condition}`,
    );
    const total = Number(counted.rows[0]?.total ?? 0);
    const { limit, offset } = sliceOf(slice, total);
    const { rows } = await pool.query<TokenRow>(
      `SELECT ${COLUMNS} FROM access.token WHERE ${condition} ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2`,
      [limit, offset],
    );
    return { total, entries: rows.map(tokenOf) };
  }

  /** @param id a uuid */
  async find(id: string): Promise<StoredToken | undefined> {
    const { rows } = await this.database.pool.query<TokenRow>(`SELECT ${COLUMNS} FROM access.token WHERE id = $1`, [
      id,
    ]);
    return rows[0] === undefined ? undefined : tokenOf(rows[0]);
  }

  async transaction<T>(work: (transaction: TokenTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Finds a token, and lets nobody else change it until the transaction ends. */
  async lock(transaction: TokenTransaction, id: string): Promise<StoredToken | undefined> {
    const { rowCount } = await transaction.query('SELECT FROM access.token WHERE id = $1 FOR UPDATE', [id]);
    return rowCount === 0 ? undefined : this.read(transaction, id);
  }

  /** The sessions that were made with a token, and with those sessions, as far as they are not revoked. */
  async sessionsOf(transaction: TokenTransaction, id: string): Promise<readonly StoredToken[]> {
    const { rows } = await transaction.query<TokenRow>(
      `WITH RECURSIVE made AS (
        SELECT $1::text AS id
        UNION SELECT one.id::text FROM access.token AS one JOIN made ON one.created_by = made.id WHERE one.kind = 'session'
      )
      SELECT ${COLUMNS} FROM access.token JOIN made ON made.id = token.id::text
      WHERE kind = 'session' AND revoked_at IS NULL AND token.id::text <> $1 ORDER BY token.id FOR UPDATE OF token`,
      [id],
    );
    return rows.map(tokenOf);
  }

  /** Takes away the codes that these tokens have made and nobody has used. */
  async forgetCodes(transaction: TokenTransaction, makers: readonly string[]): Promise<void> {
    await transaction.query('DELETE FROM access.login_code WHERE created_by = ANY($1::text[])', [makers]);
  }

  /** Every sign-in makes a session; what ended a month ago is in the audit log alone. */
  async forgetEndedSessions(transaction: TokenTransaction): Promise<void> {
    const ended = `kind = 'session' AND coalesce(revoked_at, expires_at) < now() - interval '30 days'`;
    await transaction.query(
      `DELETE FROM access.secret USING access.token WHERE token.id = secret.token_id AND ${ended}`,
    );
    await transaction.query(`DELETE FROM access.token WHERE ${ended}`);
  }

  async insert(
    transaction: TokenTransaction,
    draft: TokenDraft,
    createdBy: string,
    kind: TokenKind = draft.fingerprint === undefined ? 'bearer' : 'certificate',
  ): Promise<string> {
    const { rows } = await transaction.query<{ id: string }>(
      `INSERT INTO access.token (name, kind, permissions, scopes, sources, created_by, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [draft.name, kind, draft.permissions, draft.scopes, draft.sources, createdBy, draft.expiresAt ?? null],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The database returned no id');
    return row.id;
  }

  async read(transaction: TokenTransaction, id: string): Promise<StoredToken> {
    const { rows } = await transaction.query<TokenRow>(`SELECT ${COLUMNS} FROM access.token WHERE id = $1`, [id]);
    const [row] = rows;
    if (row === undefined) throw new Error('The token has gone while it was locked');
    return tokenOf(row);
  }

  /** @returns false when the digest is some token's already */
  async addSecret(transaction: TokenTransaction, id: string, digest: Buffer): Promise<boolean> {
    const { rowCount } = await transaction.query(
      'INSERT INTO access.secret (digest, token_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [digest, id],
    );
    return rowCount === 1;
  }

  /** Ends all secrets of a token. @param graceSeconds how long the present one is still good */
  async endSecrets(transaction: TokenTransaction, id: string, graceSeconds = 0): Promise<void> {
    if (graceSeconds > 0) {
      await transaction.query('DELETE FROM access.secret WHERE token_id = $1 AND ends_at IS NOT NULL', [id]);
      await transaction.query(
        'UPDATE access.secret SET ends_at = now() + make_interval(secs => $2) WHERE token_id = $1',
        [id, graceSeconds],
      );
    } else {
      await transaction.query('DELETE FROM access.secret WHERE token_id = $1', [id]);
    }
  }

  async setExpiry(transaction: TokenTransaction, id: string, expiresAt: Date | null): Promise<void> {
    await transaction.query('UPDATE access.token SET expires_at = $2 WHERE id = $1', [id, expiresAt]);
  }

  async markRevoked(transaction: TokenTransaction, id: string): Promise<void> {
    await transaction.query('UPDATE access.token SET revoked_at = now() WHERE id = $1', [id]);
  }
}

function activity(isActive: boolean | undefined): string {
  if (isActive === undefined) return 'true';
  const active = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';
  return isActive ? active : `NOT (${active})`;
}

function tokenOf(row: TokenRow): StoredToken {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    permissions: row.permissions,
    scopes: row.scopes,
    sources: row.sources,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    fingerprint: row.fingerprint ?? undefined,
    graceEndsAt: row.grace_ends_at ?? undefined,
  };
}
