import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { listEnvelope, ListQuery } from '../api/list.dto.js';
import {
  CreatedSource,
  createdSourceView,
  listedSourceView,
  Source,
  SourceChange,
  SourceDraft,
  SourceList,
  SourcePath,
  sourceView,
} from './source.dto.js';
import { SourceService } from './source.service.js';

@AdminRoutes(`${INSTANCE_PATH}/sources`, 'Sources')
export class SourceController {
  constructor(
    private readonly sources: SourceService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists sources, those of systems first.' })
  @ApiOkResponse({ description: 'A page.', type: SourceList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: ListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<SourceList> {
    const instance = await this.gate.enter(instance_id, caller);
    const { total, entries } = await this.sources.page(instance.id, query);
    return listEnvelope(request, query, 'sources', { total, entries: entries.map(listedSourceView) });
  }

  @Post()
  @ApiOperation({ summary: 'Makes an API source: what is sent with its id comes from it.' })
  @ApiCreatedResponse({ description: 'The source.', type: CreatedSource })
  @Fails('conflict')
  async create(
    @Param() { instance_id }: InstancePath,
    @Body() draft: SourceDraft,
    @Caller() caller: Principal,
  ): Promise<CreatedSource> {
    const instance = await this.gate.enter(instance_id, caller);
    return createdSourceView(await this.sources.create(instance.id, draft, caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one source.' })
  @ApiOkResponse({ description: 'The source.', type: Source })
  async retrieve(@Param() { instance_id, id }: SourcePath, @Caller() caller: Principal): Promise<Source> {
    const instance = await this.gate.enter(instance_id, caller);
    return sourceView(await this.sources.find(instance.id, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Changes a source; `enabled` switches its events on and off.' })
  @ApiOkResponse({ description: 'The source.', type: Source })
  @Fails('conflict')
  async change(
    @Param() { instance_id, id }: SourcePath,
    @Body() change: SourceChange,
    @Caller() caller: Principal,
  ): Promise<Source> {
    const instance = await this.gate.enter(instance_id, caller);
    return sourceView(await this.sources.change(instance.id, id, change, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes an API source, and its rules from the topics.' })
  @ApiNoContentResponse({ description: 'The source is deleted.' })
  @Fails('conflict')
  async remove(@Param() { instance_id, id }: SourcePath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    await this.sources.remove(instance.id, id, caller);
  }
}
