import { Controller, Get, HttpCode, Param, Post, Res, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { ConnectorAvailability } from './connector-availability.interceptor.js';
import type { ConnectorView } from './connector-view.js';
import { ConnectorService } from './connector.service.js';

/** As much of an answer as is written to here. */
interface AnswerHead {
  header(name: string, value: string | number): unknown;
}

/** What the gateway is connected to. For administrators: addresses and failures of other systems are in it. */
@Controller('api/connectors')
@Requires('admin')
@UseInterceptors(ConnectorAvailability)
export class ConnectorController {
  constructor(private readonly connectors: ConnectorService) {}

  @Get()
  async list(@Res({ passthrough: true }) reply: AnswerHead): Promise<readonly ConnectorView[]> {
    const views = await this.connectors.list();
    reply.header('X-Result-Count', views.length);
    return views;
  }

  @Get(':name')
  async retrieve(@Param('name') name: string): Promise<ConnectorView> {
    return this.connectors.find(name);
  }

  @Post(':name/pause')
  @HttpCode(200)
  async pause(@Param('name') name: string, @Caller() caller: Principal): Promise<ConnectorView> {
    return this.connectors.setPaused(name, true, caller);
  }

  @Post(':name/resume')
  @HttpCode(200)
  async resume(@Param('name') name: string, @Caller() caller: Principal): Promise<ConnectorView> {
    return this.connectors.setPaused(name, false, caller);
  }
}
