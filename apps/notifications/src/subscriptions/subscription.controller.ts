import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { listEnvelope, ListQuery } from '../api/list.dto.js';
import { uuidNamed } from '../api/resource-id.js';
import {
  ChangedSubscription,
  listedSubscriptionView,
  Subscription,
  SubscriptionChange,
  SubscriptionDraft,
  SubscriptionList,
  SubscriptionPath,
  subscriptionView,
} from './subscription.dto.js';
import { SubscriptionService, type SubscriptionWithSecret } from './subscription.service.js';

@AdminRoutes(`${INSTANCE_PATH}/subscriptions`, 'Subscriptions')
export class SubscriptionController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly gate: InstanceGate,
  ) {}

  @Get()
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists subscriptions, without their attributes.' })
  @ApiOkResponse({ description: 'A page.', type: SubscriptionList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: ListQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<SubscriptionList> {
    const instance = await this.gate.enter(instance_id, caller);
    const { total, entries } = await this.subscriptions.page(instance.id, query);
    return listEnvelope(request, query, 'subscriptions', { total, entries: entries.map(listedSubscriptionView) });
  }

  @Post()
  @ApiOperation({ summary: 'Lets a destination have what a topic takes.' })
  @ApiCreatedResponse({ description: 'The subscription.', type: ChangedSubscription })
  @Fails('conflict')
  async create(
    @Param() { instance_id }: InstancePath,
    @Body() draft: SubscriptionDraft,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedSubscription> {
    const instance = await this.gate.enter(instance_id, caller);
    return changedView(await this.subscriptions.create(instance.id, draft, caller), reply);
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one subscription.' })
  @ApiOkResponse({ description: 'The subscription.', type: Subscription })
  async retrieve(@Param() { instance_id, id }: SubscriptionPath, @Caller() caller: Principal): Promise<Subscription> {
    const instance = await this.gate.enter(instance_id, caller);
    return subscriptionView(await this.subscriptions.find(instance.id, uuidNamed(id)));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Changes a subscription; what is left out stays as it is.' })
  @ApiOkResponse({ description: 'The subscription.', type: ChangedSubscription })
  @Fails('conflict')
  async change(
    @Param() { instance_id, id }: SubscriptionPath,
    @Body() change: SubscriptionChange,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedSubscription> {
    const instance = await this.gate.enter(instance_id, caller);
    return changedView(await this.subscriptions.change(instance.id, uuidNamed(id), change, caller), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a subscription; what waits for it is cancelled.' })
  @ApiNoContentResponse({ description: 'The subscription is deleted.' })
  async remove(@Param() { instance_id, id }: SubscriptionPath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    await this.subscriptions.remove(instance.id, uuidNamed(id), caller);
  }
}

function changedView(
  { subscription, signingSecret }: SubscriptionWithSecret,
  reply: FastifyReply,
): ChangedSubscription {
  if (signingSecret === undefined) return subscriptionView(subscription);
  void reply.header('Cache-Control', 'no-store');
  return { ...subscriptionView(subscription), signing_secret: signingSecret };
}
