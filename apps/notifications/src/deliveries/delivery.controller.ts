import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { parseTime } from '@tidings/catalogue';
import { DomainError, requestOrigin } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { BodyMembers } from '../api/body-members.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found, uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { DeliveriesRepository } from './deliveries.repository.js';
import { type DeliveryFilter, DeliveryQuery } from './delivery-query.js';
import { attemptView, deliveryView } from './delivery-view.js';

/** What became of every event for every subscription. */
@Controller(INSTANCE_PATH)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class DeliveryController {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly gate: InstanceGate,
  ) {}

  /** Paged by cursor: there may be millions, and counting them would cost more than reading a page. */
  @Get('deliveries')
  @Requires('notifications:read')
  async list(
    @Param('instance_id') instanceId: string,
    @Query(new DeliveryQuery()) filter: DeliveryFilter,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const rows = await this.deliveries.list(instance.id, filter);
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    return {
      limit: filter.limit,
      deliveries: page.map(deliveryView),
      first: { href: linkTo(request, undefined) },
      ...(rows.length > page.length && last !== undefined && { next: { href: linkTo(request, last.id) } }),
    };
  }

  @Get('deliveries/:id')
  @Requires('notifications:read')
  async retrieve(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    return deliveryView(found(await this.deliveries.find(instance.id, uuidNamed(id))));
  }

  @Get('deliveries/:id/attempts')
  @Requires('notifications:read')
  async attempts(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    const delivery = found(await this.deliveries.find(instance.id, uuidNamed(id)));
    const isOperator = caller.permissions.has('admin');
    const attempts = await this.deliveries.attempts(delivery.id);
    return { attempts: attempts.map((attempt) => attemptView(attempt, isOperator)) };
  }

  @Post('deliveries/:id/retry')
  @HttpCode(202)
  async retry(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    const delivery = found(await this.deliveries.find(instance.id, uuidNamed(id)));
    if (!(await this.deliveries.retry(instance.id, delivery.id, caller))) {
      const reason = 'The delivery is under way now, or its subscription is gone; look at it again in a minute.';
      throw new DomainError('conflict', { reason });
    }
    return deliveryView(found(await this.deliveries.find(instance.id, delivery.id)));
  }

  @Post('destinations/:id/recover')
  @HttpCode(202)
  async recover(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const destinationId = uuidNamed(id);
    if (!(await this.deliveries.hasDestination(instance.id, destinationId))) throw new DomainError('not_found');
    const since = sinceOf(body);
    const recovered = await this.deliveries.recover(instance.id, destinationId, since, caller);
    return { since: since.toISOString(), recovered };
  }
}

/** @throws {DomainError} `invalid_query` naming `since` */
function sinceOf(body: unknown): Date {
  const members = new BodyMembers(body, ['since']);
  const text = members.requiredText('since', 'a time with its zone, for example 2026-11-02T08:00:00Z');
  const micros = parseTime(text);
  const since = new Date(micros === undefined ? NaN : Number(micros / 1_000n));
  if (Number.isNaN(since.getTime())) {
    members.complain('since', 'must be a time with its zone, for example 2026-11-02T08:00:00Z');
  }
  members.end();
  return since;
}

function linkTo(request: FastifyRequest, cursor: string | undefined): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  if (cursor === undefined) parameters.delete('cursor');
  else parameters.set('cursor', cursor);
  const text = parameters.toString();
  return `${requestOrigin(request.protocol, request.headers.host)}${path}${text === '' ? '' : `?${text}`}`;
}
