import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated, Caller, type Principal, TokenService } from '@tidings/access';
import { DatabaseAvailability } from '@tidings/database';
import { CheckedRequests, Fails } from '@tidings/openapi';
import { CallerIdentity, callerIdentity } from './session.dto.js';

/** Who the caller is to this server, and what that allows. */
@Controller('api/me')
@Authenticated()
@UseInterceptors(DatabaseAvailability)
@CheckedRequests()
@ApiTags('Sessions')
export class MeController {
  constructor(private readonly tokens: TokenService) {}

  @Get()
  @ApiOperation({ summary: 'Says who the caller is, and what that allows.' })
  @ApiOkResponse({
    description: 'The caller; `permissions` has those that others include, too.',
    type: CallerIdentity,
  })
  @Fails('not_found', 'database_unavailable')
  async whoAmI(@Caller() caller: Principal): Promise<CallerIdentity> {
    return callerIdentity(caller, caller.id === 'admin' ? undefined : await this.tokens.find(caller.id));
  }
}
