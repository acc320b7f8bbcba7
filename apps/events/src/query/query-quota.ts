import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { callerOf } from '@tidings/access';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { Observable } from 'rxjs';
import { TokenShares } from './token-shares.js';

const PATIENCE_MS = 10_000;
const MOST_WAITING = 100;

/** Lets one token ask only so much side by side: queries of others find connections to the database, too. */
@Injectable()
export class QueryQuota implements NestInterceptor {
  private readonly shares: TokenShares;

  constructor(@Inject(ENVIRONMENT) { quotas }: Pick<Environment, 'quotas'>) {
    this.shares = new TokenShares({
      most: quotas.queriesPerToken,
      patienceMs: PATIENCE_MS,
      waiting: MOST_WAITING,
      refusal: `This token has ${quotas.queriesPerToken} queries under way, which is as many as are answered side by side. Wait for one of them.`,
    });
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const leave = await this.shares.enter(callerOf(http.getRequest<object>())?.id ?? '');
    const { raw } = http.getResponse<{ readonly raw: ServerResponse }>();
    // An answer may be read from the database while it is taken.
    raw.once('close', leave);
    if (raw.destroyed) leave();
    return next.handle();
  }
}
