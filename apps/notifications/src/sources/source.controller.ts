import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import type { FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { DatabaseAvailability } from '@tidings/database';
import { readSourceDraft, readSourcePatch } from './source-body.js';
import { SourceService } from './source.service.js';
import { createdSourceView, listedSourceView, sourceView } from './source-view.js';

@Controller(`${INSTANCE_PATH}/sources`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class SourceController {
  constructor(
    private readonly sources: SourceService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  async list(
    @Param('instance_id') instanceId: string,
    @Query(new ListQuery()) slice: ListSlice,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<ListEnvelope> {
    const instance = await this.gate.enter(instanceId, caller);
    const { total, entries } = await this.sources.page(instance.id, slice);
    return listEnvelope(request, slice, 'sources', { total, entries: entries.map(listedSourceView) });
  }

  @Post()
  async create(@Param('instance_id') instanceId: string, @Body() body: unknown, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return createdSourceView(await this.sources.create(instance.id, readSourceDraft(body), caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return sourceView(await this.sources.find(instance.id, id));
  }

  @Patch(':id')
  async change(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    return sourceView(await this.sources.change(instance.id, id, readSourcePatch(body), caller));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.sources.remove(instance.id, id, caller);
  }
}
