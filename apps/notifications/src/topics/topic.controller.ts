import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import type { FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { readSourceRules, readTopicDraft, readTopicReplacement } from './topic-body.js';
import { TopicService } from './topic.service.js';
import { createdTopicView, listedTopicView, topicView } from './topic-view.js';

@Controller(`${INSTANCE_PATH}/topics`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class TopicController {
  constructor(
    private readonly topics: TopicService,
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
    const { total, entries } = await this.topics.page(instance.id, slice);
    return listEnvelope(request, slice, 'topics', { total, entries: entries.map(listedTopicView) });
  }

  @Post()
  async create(@Param('instance_id') instanceId: string, @Body() body: unknown, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return createdTopicView(await this.topics.create(instance.id, readTopicDraft(body), caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return topicView(await this.topics.find(instance.id, uuidNamed(id)));
  }

  @Put(':id')
  async replace(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const draft = readTopicReplacement(body);
    return topicView(await this.topics.replace(instance.id, uuidNamed(id), draft, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.topics.remove(instance.id, uuidNamed(id), caller);
  }

  @Put(':id/sources/:source_id')
  async putSource(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Param('source_id') sourceId: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const rules = readSourceRules(body);
    return topicView(await this.topics.putSource(instance.id, uuidNamed(id), sourceId, rules, caller));
  }

  @Delete(':id/sources/:source_id')
  @HttpCode(204)
  async removeSource(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Param('source_id') sourceId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.topics.removeSource(instance.id, uuidNamed(id), sourceId, caller);
  }
}
