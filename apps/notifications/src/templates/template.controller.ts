import { Body, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { listEnvelope, ListQuery } from '../api/list.dto.js';
import { uuidNamed } from '../api/resource-id.js';
import {
  CreatedTemplate,
  createdTemplateView,
  listedTemplateView,
  Template,
  TemplateDraft,
  TemplateList,
  TemplatePath,
  TemplateReplacement,
  templateView,
} from './template.dto.js';
import { TemplateService } from './template.service.js';

@AdminRoutes(`${INSTANCE_PATH}/templates`, 'Templates')
export class TemplateController {
  constructor(
    private readonly templates: TemplateService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists templates, without their contents.' })
  @ApiOkResponse({ description: 'A page.', type: TemplateList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: ListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<TemplateList> {
    const instance = await this.gate.enter(instance_id, caller);
    const { total, entries } = await this.templates.page(instance.id, query);
    return listEnvelope(request, query, 'templates', { total, entries: entries.map(listedTemplateView) });
  }

  @Post()
  @ApiOperation({ summary: 'Makes a template: Handlebars over the event.' })
  @ApiCreatedResponse({ description: 'The template.', type: CreatedTemplate })
  @Fails('conflict')
  async create(
    @Param() { instance_id }: InstancePath,
    @Body() draft: TemplateDraft,
    @Caller() caller: Principal,
  ): Promise<CreatedTemplate> {
    const instance = await this.gate.enter(instance_id, caller);
    return createdTemplateView(await this.templates.create(instance.id, draft, caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one template.' })
  @ApiOkResponse({ description: 'The template.', type: Template })
  async retrieve(@Param() { instance_id, id }: TemplatePath, @Caller() caller: Principal): Promise<Template> {
    const instance = await this.gate.enter(instance_id, caller);
    return templateView(await this.templates.find(instance.id, uuidNamed(id)));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replaces a template; what is left out stays as it is.' })
  @ApiOkResponse({ description: 'The template.', type: Template })
  @Fails('conflict')
  async replace(
    @Param() { instance_id, id }: TemplatePath,
    @Body() replacement: TemplateReplacement,
    @Caller() caller: Principal,
  ): Promise<Template> {
    const instance = await this.gate.enter(instance_id, caller);
    return templateView(await this.templates.replace(instance.id, uuidNamed(id), replacement, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a template; subscriptions that used it send the event itself then.' })
  @ApiNoContentResponse({ description: 'The template is deleted.' })
  async remove(@Param() { instance_id, id }: TemplatePath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    await this.templates.remove(instance.id, uuidNamed(id), caller);
  }
}
