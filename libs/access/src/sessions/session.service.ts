import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, isDomainError } from '@tidings/runtime';
import type { Principal } from '../principal.js';
import { digestToken } from '../token-store.js';
import { auditToken } from '../tokens/token-audit.js';
import { issueSecret } from '../tokens/token-secret.js';
import type { IssuedToken } from '../tokens/stored-token.js';
import { TokenRepository, type TokenTransaction } from '../tokens/token.repository.js';
import { TokenService } from '../tokens/token.service.js';
import { LoginCodeRepository } from './login-code.repository.js';
import { LoginTries } from './login-tries.js';

/** For how long a code waits for the browser, seconds. */
const CODE_SECONDS = 600;
/** For how long a session is good, unless its maker's token ends before, milliseconds. */
const SESSION_MS = 12 * 3_600_000;
/** Short enough for a line of a terminal, with the address before it. */
const CODE_BYTES = 24;
const CODE = /^tdc_[\w-]{32}$/;
const MAX_NAME = 200;

/** A code that is good once. */
export interface LoginCode {
  readonly code: string;
  readonly expiresAt: Date;
}

/** Signs browsers in: a one-time code is traded for a token of its own that may do what its maker may. */
@Injectable()
export class SessionService {
  constructor(
    private readonly codes: LoginCodeRepository,
    private readonly tokens: TokenRepository,
    private readonly tokenService: TokenService,
    private readonly tries: LoginTries,
  ) {}

  async issueCode(maker: Principal): Promise<LoginCode> {
    const code = `tdc_${randomBytes(CODE_BYTES).toString('base64url')}`;
    return { code, expiresAt: await this.codes.insert(digestToken(code), maker, CODE_SECONDS) };
  }

  /**
   * Trades a code for a session.
   * @param address of the caller
   * @throws {DomainError} `invalid_login_code` where it was used, is older than ten minutes, or never was one;
   *   `too_many_requests`
   */
  async open(code: string, address: string): Promise<IssuedToken> {
    this.tries.demandPatience(address);
    try {
      return await this.trade(code);
    } catch (error) {
      if (isDomainError(error) && error.code === 'invalid_login_code') this.tries.countFailure(address);
      throw error;
    }
  }

  private async trade(code: string): Promise<IssuedToken> {
    // What cannot be one does not reach the database.
    if (!CODE.test(code)) throw new DomainError('invalid_login_code');
    return this.tokens.transaction(async (transaction) => {
      const maker = await this.codes.take(transaction, digestToken(code));
      if (maker === undefined) throw new DomainError('invalid_login_code');
      const expiresAt = await this.endOfSession(transaction, maker);
      await this.tokens.forgetEndedSessions(transaction);
      const { digest, secret } = issueSecret();
      const { permissions, scopes, sources } = maker;
      const name = `session of ${maker.name}`.slice(0, MAX_NAME);
      const draft = { name, permissions: [...permissions], scopes, sources, expiresAt, fingerprint: undefined };
      const id = await this.tokens.insert(transaction, draft, maker.id, 'session');
      await this.tokens.addSecret(transaction, id, digest);
      const token = await this.tokens.read(transaction, id);
      await auditToken(transaction, maker, 'session.create', undefined, token);
      return { token, secret };
    });
  }

  /** Ends the caller's own session. @throws {DomainError} `conflict` where the caller has a token that is no session */
  async close(caller: Principal): Promise<void> {
    const token = caller.id === 'admin' ? undefined : await this.tokenService.find(caller.id);
    if (token?.kind !== 'session') {
      throw new DomainError('conflict', {
        reason: 'This token is not a session; revoke it with DELETE /api/tokens/{id}/ if it is to end.',
      });
    }
    await this.tokenService.revoke(token.id, caller);
  }

  /** A session never outlives the token that it was made with. */
  private async endOfSession(transaction: TokenTransaction, maker: Principal): Promise<Date> {
    const latest = new Date(Date.now() + SESSION_MS);
    if (maker.id === 'admin') return latest;
    const token = await this.tokens.lock(transaction, maker.id);
    const isGood = token !== undefined && token.revokedAt === undefined;
    if (!isGood || (token.expiresAt !== undefined && token.expiresAt <= new Date())) {
      throw new DomainError('invalid_login_code');
    }
    return token.expiresAt !== undefined && token.expiresAt < latest ? token.expiresAt : latest;
  }
}
