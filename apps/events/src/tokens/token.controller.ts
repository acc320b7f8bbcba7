import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import {
  Caller,
  type IssuedToken,
  type Principal,
  Requires,
  TokenService,
  tokenView,
  type TokenView,
} from '@tidings/access';
import { Catalogue, hyphenated, parseUuid } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { QueryParameters } from '../paging/query-parameters.js';
import { readTokenDraft, readTokenRotation } from './token-body.js';
import { activityOf, TokenListQuery } from './token-query.js';

/** A token in the only answer that ever has its secret. */
interface IssuedView extends TokenView {
  /** Null for a client certificate. */
  readonly token: string | null;
}

/** Who may do what. */
@Controller('api/tokens')
@Requires('admin')
@UseInterceptors(DatabaseAvailability)
export class TokenController {
  constructor(
    private readonly tokens: TokenService,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  async list(
    @Query(new QueryParameters(TokenListQuery)) query: TokenListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenView[]> {
    const page = pageRequestOf(query);
    const { total, entries } = await this.tokens.page(activityOf(query), page);
    answerPage(request, reply, page, total);
    return entries.map(tokenView);
  }

  @Post()
  async create(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedView> {
    const draft = readTokenDraft(body, this.catalogue);
    return issuedView(await this.tokens.create(draft, caller), reply);
  }

  @Get(':id')
  async retrieve(@Param('id') id: string): Promise<TokenView> {
    const token = tokenView(await this.tokens.find(idNamed(id)));
    // What was deleted is not there; the list and the audit log remember it.
    if (token.revoked_at !== null) throw new DomainError('not_found');
    return token;
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    await this.tokens.revoke(idNamed(id), caller);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  async rotate(
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedView> {
    return issuedView(await this.tokens.rotate(idNamed(id), readTokenRotation(body), caller), reply);
  }
}

function issuedView({ token, secret }: IssuedToken, reply: FastifyReply): IssuedView {
  void reply.header('Cache-Control', 'no-store');
  return { ...tokenView(token), token: secret ?? null };
}

function idNamed(text: string): string {
  const uuid = parseUuid(text);
  if (uuid === undefined) throw new DomainError('not_found');
  return hyphenated(uuid);
}
