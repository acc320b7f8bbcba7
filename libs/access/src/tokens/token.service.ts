import { Injectable } from '@nestjs/common';
import { DomainError, type PageRequest } from '@tidings/runtime';
import type { Actor } from '../audit/audit-entry.js';
import type { ListPage } from '../list-page.js';
import type { IssuedToken, StoredToken, TokenDraft, TokenRotation } from './stored-token.js';
import { auditToken } from './token-audit.js';
import { issueSecret } from './token-secret.js';
import { TokenRepository, type TokenTransaction } from './token.repository.js';

/** Makes, rotates and revokes tokens; each change stands in the audit log. */
@Injectable()
export class TokenService {
  constructor(private readonly tokens: TokenRepository) {}

  /** @param isActive undefined: revoked and expired ones, too */
  async page(isActive: boolean | undefined, slice: PageRequest): Promise<ListPage<StoredToken>> {
    return this.tokens.page(isActive, slice);
  }

  /** @param id a uuid @throws {DomainError} `not_found` */
  async find(id: string): Promise<StoredToken> {
    return foundOr404(await this.tokens.find(id));
  }

  /** @throws {DomainError} `invalid_query` when the certificate is registered already */
  async create(draft: TokenDraft, actor: Actor): Promise<IssuedToken> {
    const { digest, secret } = issue(draft.fingerprint);
    return this.tokens.transaction(async (transaction) => {
      const id = await this.tokens.insert(transaction, draft, actor.id);
      await this.addSecret(transaction, id, digest);
      const token = await this.tokens.read(transaction, id);
      await auditToken(transaction, actor, 'token.create', undefined, token);
      return { token, secret };
    });
  }

  /**
   * Ends a token at once and for ever; a second time does nothing.
   * @throws {DomainError} `not_found`
   */
  async revoke(id: string, actor: Actor): Promise<void> {
    await this.tokens.transaction(async (transaction) => {
      const before = foundOr404(await this.tokens.lock(transaction, id));
      if (before.revokedAt !== undefined) return;
      await this.end(transaction, before, actor);
      await this.endSessionsOf(transaction, id, actor);
    });
  }

  /**
   * Gives a token a new secret.
   * @throws {DomainError} `not_found`; `conflict` for a revoked token, or an expired one that stays so; `invalid_query`
   *   when the certificate is not what the token needs
   */
  async rotate(id: string, rotation: TokenRotation, actor: Actor): Promise<IssuedToken> {
    const { digest, secret } = issue(rotation.fingerprint);
    return this.tokens.transaction(async (transaction) => {
      const before = foundOr404(await this.tokens.lock(transaction, id));
      refuseRotation(before, rotation);
      await this.tokens.endSecrets(transaction, id, rotation.graceSeconds);
      // Whoever had the old secret may have opened them.
      await this.endSessionsOf(transaction, id, actor);
      await this.addSecret(transaction, id, digest);
      if (rotation.expiresAt !== undefined) await this.tokens.setExpiry(transaction, id, rotation.expiresAt);
      const token = await this.tokens.read(transaction, id);
      await auditToken(transaction, actor, 'token.rotate', before, token);
      return { token, secret };
    });
  }

  private async end(transaction: TokenTransaction, before: StoredToken, actor: Actor): Promise<void> {
    await this.tokens.endSecrets(transaction, before.id);
    await this.tokens.markRevoked(transaction, before.id);
    await auditToken(transaction, actor, 'token.revoke', before, await this.tokens.read(transaction, before.id));
  }

  private async endSessionsOf(transaction: TokenTransaction, id: string, actor: Actor): Promise<void> {
    const sessions = await this.tokens.sessionsOf(transaction, id);
    for (const session of sessions) await this.end(transaction, session, actor);
    await this.tokens.forgetCodes(transaction, [id, ...sessions.map((session) => session.id)]);
  }

  private async addSecret(transaction: TokenTransaction, id: string, digest: Buffer): Promise<void> {
    if (await this.tokens.addSecret(transaction, id, digest)) return;
    throw certificateConflict('is registered already; revoke the token that has it, or use another one');
  }
}

function issue(fingerprint: string | undefined): { digest: Buffer; secret: string | undefined } {
  if (fingerprint !== undefined) return { digest: Buffer.from(fingerprint, 'hex'), secret: undefined };
  return issueSecret();
}

function refuseRotation(token: StoredToken, { fingerprint, expiresAt }: TokenRotation): void {
  if (token.revokedAt !== undefined) {
    throw new DomainError('conflict', { reason: 'The token is revoked; create a new one.' });
  }
  if (token.kind === 'session') {
    throw new DomainError('conflict', { reason: 'A session has no other secret; sign in again.' });
  }
  const staysExpired = expiresAt === undefined && token.expiresAt !== undefined && token.expiresAt <= new Date();
  if (staysExpired) {
    throw new DomainError('conflict', { reason: 'The token has expired; give a new expires_at with the rotation.' });
  }
  const isCertificate = token.kind === 'certificate';
  if (isCertificate === (fingerprint !== undefined)) return;
  throw certificateConflict(
    isCertificate
      ? 'is required: the new client certificate as PEM, or its fingerprint'
      : 'does not belong to a bearer token; leave it out',
  );
}

/** The field is in order by itself; it is what is stored that it does not go with. */
function certificateConflict(problem: string): DomainError {
  const members = { errors: [{ field: 'certificate', problem }] };
  return new DomainError('conflict', { reason: `The certificate ${problem}.` }, { members });
}

function foundOr404(token: StoredToken | undefined): StoredToken {
  if (token === undefined) throw new DomainError('not_found');
  return token;
}
