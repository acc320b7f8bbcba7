import { Injectable } from '@nestjs/common';
import { AccessDatabase } from '../access-database.store.js';
import { effectivePermissions, type Permission } from '../permissions.js';
import type { Principal } from '../principal.js';
import type { TokenTransaction } from '../tokens/token.repository.js';

interface CodeRow {
  readonly permissions: readonly Permission[];
  readonly scopes: readonly string[];
  readonly sources: readonly string[];
  readonly created_by: string;
  readonly created_by_name: string;
}

/** Keeps one-time codes, with what their maker may do. */
@Injectable()
export class LoginCodeRepository {
  constructor(private readonly database: AccessDatabase) {}

  /** @returns when it ends */
  async insert(digest: Buffer, maker: Principal, lifetimeSeconds: number): Promise<Date> {
    const { rows } = await this.database.pool.query<{ expires_at: Date }>(
      `WITH gone AS (DELETE FROM access.login_code WHERE expires_at < now())
      INSERT INTO access.login_code (digest, permissions, scopes, sources, created_by, created_by_name, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) RETURNING expires_at`,
      [digest, [...maker.permissions], maker.scopes, maker.sources, maker.id, maker.name, lifetimeSeconds],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The database returned no login code');
    return row.expires_at;
  }

  /** Takes a code away. Of two who show it at once, one gets it. @returns its maker; undefined: it is not good */
  async take(transaction: TokenTransaction, digest: Buffer): Promise<Principal | undefined> {
    const { rows } = await transaction.query<CodeRow & { is_good: boolean }>(
      `DELETE FROM access.login_code WHERE digest = $1
      RETURNING permissions, scopes, sources, created_by, created_by_name, expires_at > now() AS is_good`,
      [digest],
    );
    const [row] = rows;
    if (row?.is_good !== true) return undefined;
    const { permissions, scopes, sources, created_by, created_by_name } = row;
    return {
      id: created_by,
      name: created_by_name,
      permissions: effectivePermissions(permissions),
      scopes,
      sources,
    };
  }
}
