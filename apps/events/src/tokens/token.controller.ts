import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Caller, type IssuedToken as Issue, type Principal, Requires, TokenService, tokenView } from '@tidings/access';
import { hyphenated, parseUuid } from '@tidings/catalogue';
import { AlsoHead, ApiPageResponse, Fails } from '@tidings/openapi';
import { DomainError } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseAvailability } from '@tidings/database';
import { answerPage } from '../paging/page-answer.js';
import { pageRequestOf } from '../paging/page-query.js';
import { EventsRequests } from '../paging/events-requests.js';
import { activityOf, TokenListQuery } from './token-query.js';
import { CreateToken, IssuedToken, RotateToken, Token, tokenDraftOf, TokenPath, tokenRotationOf } from './token.dto.js';

/** Who may do what. */
@Controller('api/tokens')
@Requires('admin')
@UseInterceptors(DatabaseAvailability)
@EventsRequests()
@ApiTags('Tokens')
@Fails('database_unavailable')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Get()
  @AlsoHead()
  @ApiOperation({ summary: 'Lists tokens, without their secrets.' })
  @ApiPageResponse('A page of tokens.', Token)
  @Fails('invalid_page')
  async list(
    @Query() query: TokenListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Token[]> {
    const page = pageRequestOf(query);
    const { total, entries } = await this.tokens.page(activityOf(query), page);
    answerPage(request, reply, page, total);
    return entries.map(tokenView);
  }

  @Post()
  @ApiOperation({ summary: 'Creates a token.' })
  @ApiCreatedResponse({ description: 'The token; its secret is never shown again.', type: IssuedToken })
  @Fails('conflict')
  async create(
    @Body() body: CreateToken,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedToken> {
    return issuedView(await this.tokens.create(tokenDraftOf(body), caller), reply);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Gives one token, without its secret.' })
  @ApiOkResponse({ description: 'The token.', type: Token })
  async retrieve(@Param() { id }: TokenPath): Promise<Token> {
    const token = tokenView(await this.tokens.find(uuidOf(id)));
    // What was deleted is not there; the list and the audit log remember it.
    if (token.revoked_at !== null) throw new DomainError('not_found');
    return token;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a token; its streams end within two seconds.' })
  @ApiNoContentResponse({ description: 'The token is revoked.' })
  @Fails('conflict')
  async revoke(@Param() { id }: TokenPath, @Caller() caller: Principal): Promise<void> {
    await this.tokens.revoke(uuidOf(id), caller);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives a token a new secret.' })
  @ApiBody({
    description: 'How long the old secret stays valid; it ends at once without a body.',
    required: false,
    type: RotateToken,
  })
  @ApiOkResponse({ description: 'The token; its new secret is never shown again.', type: IssuedToken })
  @Fails('conflict')
  async rotate(
    @Param() { id }: TokenPath,
    @Body() body: RotateToken,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedToken> {
    return issuedView(await this.tokens.rotate(uuidOf(id), tokenRotationOf(body), caller), reply);
  }
}

function issuedView({ token, secret }: Issue, reply: FastifyReply): IssuedToken {
  void reply.header('Cache-Control', 'no-store');
  return { ...tokenView(token), token: secret ?? null };
}

/** The path is checked by its class. */
function uuidOf(text: string): string {
  return hyphenated(parseUuid(text) ?? text);
}
