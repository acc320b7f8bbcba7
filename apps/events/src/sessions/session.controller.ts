import { Body, Controller, Delete, HttpCode, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated, Caller, type Principal, Public, SessionService } from '@tidings/access';
import { DatabaseAvailability } from '@tidings/database';
import { CheckedRequests, Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IssuedLoginCode, LoginCodeTrade, OpenedSession, openedSession } from './session.dto.js';

/** How a browser is signed in without ever being given the token itself. */
@Controller('api')
@UseInterceptors(DatabaseAvailability)
@CheckedRequests()
@ApiTags('Sessions')
@Fails('database_unavailable')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Post('login-codes')
  @Authenticated()
  @ApiOperation({
    summary: 'Makes a code that signs a browser in, once and within ten minutes, with what the caller may do.',
  })
  @ApiCreatedResponse({ description: 'The code, which is never shown again.', type: IssuedLoginCode })
  async createCode(
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedLoginCode> {
    const { code, expiresAt } = await this.sessions.issueCode(caller);
    void reply.header('Cache-Control', 'no-store');
    return { code, expires_at: expiresAt.toISOString() };
  }

  @Post('sessions')
  @Public()
  @ApiOperation({
    summary: 'Trades a code for a session: a token of its own that ends after twelve hours, or with its maker’s.',
  })
  @ApiCreatedResponse({ description: 'The session; its token is never shown again.', type: OpenedSession })
  @Fails('invalid_login_code', 'too_many_requests')
  async open(
    @Body() { code }: LoginCodeTrade,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenedSession> {
    const issued = await this.sessions.open(code, request.ip);
    void reply.header('Cache-Control', 'no-store');
    return openedSession(issued);
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @Authenticated()
  @ApiOperation({ summary: 'Ends the session that the request is made with.' })
  @ApiNoContentResponse({ description: 'It is ended.' })
  @Fails('not_found', 'conflict')
  async close(@Caller() caller: Principal): Promise<void> {
    await this.sessions.close(caller);
  }
}
