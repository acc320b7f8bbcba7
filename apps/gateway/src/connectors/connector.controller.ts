import { Controller, Get, HttpCode, Param, Post, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { ApiCountedResponse, CheckedRequests, Fails } from '@tidings/openapi';
import { ConnectorAvailability } from './connector-availability.interceptor.js';
import { Connector, ConnectorPath } from './connector.dto.js';
import { ConnectorService } from './connector.service.js';

/** The part of an answer that this controller writes to. */
interface AnswerHead {
  header(name: string, value: string | number): unknown;
}

/** The gateway's connectors. For administrators only: addresses and failures of other systems are in it. */
@Controller('api/connectors')
@Requires('admin')
@UseInterceptors(ConnectorAvailability)
@CheckedRequests()
@ApiTags('Connectors')
@Fails('database_unavailable')
export class ConnectorController {
  constructor(private readonly connectors: ConnectorService) {}

  @Get()
  @ApiOperation({ summary: 'Lists the gateway’s connectors and their state.' })
  @ApiCountedResponse({ description: 'All connectors of the configuration.', type: [Connector] }, 1)
  async list(@Res({ passthrough: true }) reply: AnswerHead): Promise<readonly Connector[]> {
    const views = await this.connectors.list();
    reply.header('X-Result-Count', views.length);
    return views;
  }

  @Get(':name')
  @ApiOperation({ summary: 'Gives one connector.' })
  @ApiOkResponse({ description: 'The connector.', type: Connector })
  async retrieve(@Param() { name }: ConnectorPath): Promise<Connector> {
    return this.connectors.find(name);
  }

  @Post(':name/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pauses a connector until it is resumed; a paused hook answers 503.' })
  @ApiOkResponse({ description: 'The connector.', type: Connector })
  async pause(@Param() { name }: ConnectorPath, @Caller() caller: Principal): Promise<Connector> {
    return this.connectors.setPaused(name, true, caller);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Resumes a paused connector.' })
  @ApiOkResponse({ description: 'The connector.', type: Connector })
  async resume(@Param() { name }: ConnectorPath, @Caller() caller: Principal): Promise<Connector> {
    return this.connectors.setPaused(name, false, caller);
  }
}
