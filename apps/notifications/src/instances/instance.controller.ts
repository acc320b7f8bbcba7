import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCES_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { listEnvelope, ListQuery } from '../api/list.dto.js';
import {
  instanceView,
  NotificationInstance,
  NotificationInstanceDraft,
  NotificationInstanceList,
} from './instance.dto.js';
import { InstanceService } from './instance.service.js';

@AdminRoutes(INSTANCES_PATH, 'Instances', 'admin')
export class InstanceController {
  constructor(
    private readonly instances: InstanceService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists instances.' })
  @ApiOkResponse({ description: 'A page.', type: NotificationInstanceList })
  async list(@Query() query: ListQuery, @Req() request: FastifyRequest): Promise<NotificationInstanceList> {
    const { total, entries } = await this.instances.page(query);
    return listEnvelope(request, query, 'instances', { total, entries: entries.map(instanceView) });
  }

  @Post()
  @ApiOperation({ summary: 'Makes an instance, with a disabled source for each system.' })
  @ApiCreatedResponse({ description: 'The instance.', type: NotificationInstance })
  @Fails('conflict')
  async create(@Body() draft: NotificationInstanceDraft, @Caller() caller: Principal): Promise<NotificationInstance> {
    return instanceView(await this.instances.create(draft, caller));
  }

  @Get(':instance_id')
  @ApiOperation({ summary: 'Gives one instance.' })
  @ApiOkResponse({ description: 'The instance.', type: NotificationInstance })
  async retrieve(@Param() { instance_id }: InstancePath): Promise<NotificationInstance> {
    return instanceView(await this.gate.find(instance_id));
  }

  @Delete(':instance_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes an instance with all that is in it; the default one stays.' })
  @ApiNoContentResponse({ description: 'The instance is deleted.' })
  @Fails('conflict')
  async remove(@Param() { instance_id }: InstancePath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.find(instance_id);
    await this.instances.remove(instance.id, caller);
  }
}
