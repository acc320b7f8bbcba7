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
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { type ListEnvelope, listEnvelope } from '../api/list-envelope.js';
import { ListQuery, type ListSlice } from '../api/list-query.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { readSubscriptionDraft, readSubscriptionPatch } from './subscription-body.js';
import { type ChangedSubscription, SubscriptionService } from './subscription.service.js';
import { listedSubscriptionView, subscriptionView } from './subscription-view.js';

@Controller(`${INSTANCE_PATH}/subscriptions`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class SubscriptionController {
  constructor(
    private readonly subscriptions: SubscriptionService,
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
    const { total, entries } = await this.subscriptions.page(instance.id, slice);
    return listEnvelope(request, slice, 'subscriptions', { total, entries: entries.map(listedSubscriptionView) });
  }

  @Post()
  async create(
    @Param('instance_id') instanceId: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    return changedView(await this.subscriptions.create(instance.id, readSubscriptionDraft(body), caller), reply);
  }

  @Get(':id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return subscriptionView(await this.subscriptions.find(instance.id, uuidNamed(id)));
  }

  @Patch(':id')
  async change(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const members = readSubscriptionPatch(body);
    return changedView(await this.subscriptions.change(instance.id, uuidNamed(id), members, caller), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    await this.subscriptions.remove(instance.id, uuidNamed(id), caller);
  }
}

function changedView({ subscription, signingSecret }: ChangedSubscription, reply: FastifyReply) {
  if (signingSecret === undefined) return subscriptionView(subscription);
  void reply.header('Cache-Control', 'no-store');
  return { ...subscriptionView(subscription), signing_secret: signingSecret };
}
