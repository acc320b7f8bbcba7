import { Body, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
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
  CreatedTopic,
  createdTopicView,
  listedTopicView,
  Topic,
  TopicDraft,
  TopicList,
  TopicPath,
  TopicReplacement,
  TopicSourcePath,
  TopicSourceRules,
  topicView,
} from './topic.dto.js';
import { TopicService } from './topic.service.js';

@AdminRoutes(`${INSTANCE_PATH}/topics`, 'Topics')
export class TopicController {
  constructor(
    private readonly topics: TopicService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists topics.' })
  @ApiOkResponse({ description: 'A page.', type: TopicList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: ListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<TopicList> {
    const instance = await this.gate.enter(instance_id, caller);
    const { total, entries } = await this.topics.page(instance.id, query);
    return listEnvelope(request, query, 'topics', { total, entries: entries.map(listedTopicView) });
  }

  @Post()
  @ApiOperation({
    summary: 'Makes a topic of sources, with rules: the filters of a rule are ANDed, the rules of a source ORed.',
  })
  @ApiCreatedResponse({ description: 'The topic.', type: CreatedTopic })
  @Fails('conflict')
  async create(
    @Param() { instance_id }: InstancePath,
    @Body() draft: TopicDraft,
    @Caller() caller: Principal,
  ): Promise<CreatedTopic> {
    const instance = await this.gate.enter(instance_id, caller);
    return createdTopicView(await this.topics.create(instance.id, draft, caller));
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one topic, with its rules and its subscriptions.' })
  @ApiOkResponse({ description: 'The topic.', type: Topic })
  async retrieve(@Param() { instance_id, id }: TopicPath, @Caller() caller: Principal): Promise<Topic> {
    const instance = await this.gate.enter(instance_id, caller);
    return topicView(await this.topics.find(instance.id, uuidNamed(id)));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replaces a topic; what is left out stays as it is.' })
  @ApiOkResponse({ description: 'The topic.', type: Topic })
  @Fails('conflict')
  async replace(
    @Param() { instance_id, id }: TopicPath,
    @Body() replacement: TopicReplacement,
    @Caller() caller: Principal,
  ): Promise<Topic> {
    const instance = await this.gate.enter(instance_id, caller);
    return topicView(await this.topics.replace(instance.id, uuidNamed(id), replacement, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a topic with its subscriptions; what waits for them is cancelled.' })
  @ApiNoContentResponse({ description: 'The topic is deleted.' })
  async remove(@Param() { instance_id, id }: TopicPath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    await this.topics.remove(instance.id, uuidNamed(id), caller);
  }

  @Put(':id/sources/:source_id')
  @ApiOperation({
    summary: 'Puts one source into a topic, or replaces its rules there; all others stay as they are.',
  })
  @ApiBody({ type: TopicSourceRules, required: false })
  @ApiOkResponse({ description: 'The topic.', type: Topic })
  async putSource(
    @Param() { instance_id, id, source_id }: TopicSourcePath,
    @Body() { rules }: TopicSourceRules,
    @Caller() caller: Principal,
  ): Promise<Topic> {
    const instance = await this.gate.enter(instance_id, caller);
    return topicView(await this.topics.putSource(instance.id, uuidNamed(id), source_id, rules, caller));
  }

  @Delete(':id/sources/:source_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Takes one source out of a topic.' })
  @ApiNoContentResponse({ description: 'The source is no longer in the topic.' })
  async removeSource(
    @Param() { instance_id, id, source_id }: TopicSourcePath,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    await this.topics.removeSource(instance.id, uuidNamed(id), source_id, caller);
  }
}
