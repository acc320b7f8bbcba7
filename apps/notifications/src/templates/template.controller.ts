import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import type { FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { readTemplateDraft, readTemplateReplacement } from './template-body.js';
import { TemplateService } from './template.service.js';
import { createdTemplateView, listedTemplateView, templateView } from './template-view.js';

@Controller(`${INSTANCE_PATH}/templates`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class TemplateController {
  constructor(
    private readonly templates: TemplateService,
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
    const { total, entries } = await this.templates.page(instance.id, slice);
    return listEnvelope(request, slice, 'templates', { total, entries: entries.map(listedTemplateView) });
  }

  @Post()
  async create(@Param('instance_id') instanceId: string, @Body() body: unknown, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return createdTemplateView(await this.templates.create(instance.id, readTemplateDraft(body), caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return templateView(await this.templates.find(instance.id, uuidNamed(id)));
  }

  @Put(':id')
  async replace(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    return templateView(
      await this.templates.replace(instance.id, uuidNamed(id), readTemplateReplacement(body), caller),
    );
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.templates.remove(instance.id, uuidNamed(id), caller);
  }
}
