import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { DomainError } from '@tidings/runtime';
import { v7 as newId } from 'uuid';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found, uuidNamed } from '../api/resource-id.js';
import { EventsClient } from '../stored-events/events-client.js';
import { SubscriptionPath } from '../subscriptions/subscription.dto.js';
import { parametersOf, Replay, ReplayDraft, ReplayPath, replayView } from './replay.dto.js';
import { ReplayRepository } from './replay.repository.js';

/** Stored events, once more to a subscription. */
@AdminRoutes(INSTANCE_PATH, 'Deliveries')
export class ReplayController {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly events: EventsClient,
    private readonly gate: InstanceGate,
  ) {}

  @Post('subscriptions/:id/replay')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Sends stored events to a subscription once more: those that a query finds and its rules take now.',
  })
  @ApiAcceptedResponse({ description: 'The replay has begun.', type: Replay })
  @Fails('events_unavailable')
  async start(
    @Param() { instance_id, id }: SubscriptionPath,
    @Body() { query }: ReplayDraft,
    @Caller() caller: Principal,
  ): Promise<Replay> {
    const instance = await this.gate.enter(instance_id, caller);
    const subscriptionId = uuidNamed(id);
    if (!(await this.replays.hasSubscription(instance.id, subscriptionId))) throw new DomainError('not_found');
    // What the events app refuses is refused here, and not by a replay that fails later.
    await this.events.page(parametersOf(query));
    const replayId = newId();
    await this.replays.insert({ id: replayId, instanceId: instance.id, subscriptionId, query }, caller);
    return this.view(instance.id, replayId);
  }

  @Get('replays/:id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Tells how far a replay has come.' })
  @ApiOkResponse({ description: 'The replay.', type: Replay })
  async retrieve(@Param() { instance_id, id }: ReplayPath, @Caller() caller: Principal): Promise<Replay> {
    const instance = await this.gate.enter(instance_id, caller);
    return this.view(instance.id, uuidNamed(id));
  }

  @Delete('replays/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends a replay; what it has queued and not delivered is cancelled.' })
  @ApiNoContentResponse({ description: 'The replay has ended.' })
  async cancel(@Param() { instance_id, id }: ReplayPath, @Caller() caller: Principal): Promise<void> {
    const instance = await this.gate.enter(instance_id, caller);
    const replay = found(await this.replays.find(instance.id, uuidNamed(id)));
    await this.replays.cancel(instance.id, replay.id, caller);
  }

  private async view(instanceId: string, id: string): Promise<Replay> {
    const replay = found(await this.replays.find(instanceId, id));
    return replayView(replay, await this.replays.progress(id));
  }
}
