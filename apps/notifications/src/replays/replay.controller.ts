import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { v7 as newId } from 'uuid';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found, uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { EventsClient } from '../stored-events/events-client.js';
import { parametersOf, readReplay } from './replay-body.js';
import { ReplayRepository } from './replay.repository.js';

/** Stored events, once more to a subscription. */
@Controller(INSTANCE_PATH)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class ReplayController {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly events: EventsClient,
    private readonly gate: InstanceGate,
  ) {}

  @Post('subscriptions/:id/replay')
  @HttpCode(202)
  async start(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const subscriptionId = uuidNamed(id);
    if (!(await this.replays.hasSubscription(instance.id, subscriptionId))) throw new DomainError('not_found');
    const query = readReplay(body);
    // What the events app refuses is refused here, and not by a replay that fails later.
    await this.events.page(parametersOf(query));
    const replayId = newId();
    await this.replays.insert({ id: replayId, instanceId: instance.id, subscriptionId, query }, caller);
    return this.view(instance.id, replayId);
  }

  @Get('replays/:id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return this.view(instance.id, uuidNamed(id));
  }

  /** Ends it; what it has queued and not delivered is cancelled. */
  @Delete('replays/:id')
  @HttpCode(204)
  async cancel(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    const instance = await this.gate.enter(instanceId, caller);
    const replay = found(await this.replays.find(instance.id, uuidNamed(id)));
    await this.replays.cancel(instance.id, replay.id, caller);
  }

  private async view(instanceId: string, id: string) {
    const replay = found(await this.replays.find(instanceId, id));
    const { delivered = 0, failed = 0, cancelled = 0, waiting = 0, leased = 0 } = await this.replays.progress(id);
    return {
      id,
      subscription_id: replay.subscription_id,
      query: replay.query,
      state: replay.state,
      problem: replay.problem,
      found: Number(replay.found),
      queued: Number(replay.queued),
      delivered,
      failed,
      cancelled,
      waiting: waiting + leased,
      created_at: replay.created_at.toISOString(),
      ended_at: replay.ended_at?.toISOString() ?? null,
    };
  }
}
