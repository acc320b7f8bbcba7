import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { catalogue } from '@tidings/catalogue';
import type { FastifyRequest } from 'fastify';
import { INSTANCES_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { DatabaseAvailability } from '@tidings/database';
import { readInstanceDraft } from './instance-body.js';
import { InstanceService } from './instance.service.js';
import type { StoredInstance } from './instance.repository.js';

interface InstanceView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly is_default: boolean;
  readonly created_at: string;
}

@Controller(INSTANCES_PATH)
@Requires('admin')
@UseInterceptors(DatabaseAvailability)
export class InstanceController {
  constructor(
    private readonly instances: InstanceService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  async list(@Query(new ListQuery()) slice: ListSlice, @Req() request: FastifyRequest): Promise<ListEnvelope> {
    const { total, entries } = await this.instances.page(slice);
    return listEnvelope(request, slice, 'instances', { total, entries: entries.map(instanceView) });
  }

  @Post()
  async create(@Body() body: unknown, @Caller() caller: Principal): Promise<InstanceView> {
    return instanceView(await this.instances.create(readInstanceDraft(body, catalogue), caller));
  }

  @Get(':instance_id')
  async retrieve(@Param('instance_id') id: string): Promise<InstanceView> {
    return instanceView(await this.gate.find(id));
  }

  @Delete(':instance_id')
  @HttpCode(204)
  async remove(@Param('instance_id') id: string, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.find(id);
    await this.instances.remove(instance.id, caller);
  }
}

function instanceView({ id, name, scopes, is_default, created_at }: StoredInstance): InstanceView {
  return { id, name, scopes, is_default, created_at: created_at.toISOString() };
}
