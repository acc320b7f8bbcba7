import { Injectable } from '@nestjs/common';
import { AccessDatabase } from '../access-database.store.js';
import { effectivePermissions, type Permission, PERMISSIONS } from '../permissions.js';
import type { SecretSource, StoredSecret } from './stored-secret.js';
import type { TokenKind } from './stored-token.js';

/** A database that does not answer by then is as good as away: somebody waits at the door. Milliseconds. */
const PATIENCE_MS = 2_000;

const ENDS_AT = 'least(secret.ends_at, token.expires_at)';
// The database's clock is the only one: those of the processes may differ.
const ENDS_IN = `(extract(epoch FROM ${ENDS_AT} - clock_timestamp()) * 1000)::float8`;

interface SecretRow {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  readonly ends_in: number | null;
}

/** Looks secrets up in the database. */
@Injectable()
export class SecretRepository implements SecretSource {
  constructor(private readonly database: AccessDatabase) {}

  async find(digest: Buffer, kind: TokenKind): Promise<StoredSecret | undefined> {
    const rows = await this.ask<SecretRow>(
      `SELECT token.id, name, permissions, scopes, sources, ${ENDS_IN} AS ends_in
      FROM access.secret JOIN access.token ON token.id = secret.token_id
      WHERE digest = $1 AND (kind = 'certificate') = $2 AND revoked_at IS NULL
        AND (${ENDS_AT} IS NULL OR ${ENDS_AT} > clock_timestamp())`,
      [digest, kind === 'certificate'],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { id, name, permissions, scopes, sources, ends_in } = row;
    const principal = {
      id,
      name,
      permissions: effectivePermissions(permissions.filter(isPermission)),
      scopes,
      sources,
    };
    return { principal, endsInMs: ends_in ?? undefined };
  }

  async remaining(digests: readonly string[]): Promise<ReadonlyMap<string, number | undefined>> {
    const rows = await this.ask<{ digest: string; ends_in: number | null }>(
      `SELECT encode(digest, 'hex') AS digest, ${ENDS_IN} AS ends_in
      FROM access.secret JOIN access.token ON token.id = secret.token_id
      WHERE digest = ANY($1::bytea[]) AND revoked_at IS NULL`,
      [digests.map((digest) => Buffer.from(digest, 'hex'))],
    );
    return new Map(rows.map((row) => [row.digest, row.ends_in ?? undefined]));
  }

  private async ask<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    const query = { text, values, query_timeout: PATIENCE_MS };
    return (await this.database.pool.query<R>(query)).rows;
  }
}

/** A newer version may have stored one that this version does not know: it permits nothing here. */
function isPermission(text: string): text is Permission {
  return PERMISSIONS.some((permission) => permission === text);
}
