import { Body, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import { DomainError, requestOrigin } from '@tidings/runtime';
import type { FastifyRequest } from 'fastify';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found, uuidNamed } from '../api/resource-id.js';
import { DestinationPath } from '../destinations/destination.dto.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import {
  AttemptList,
  Delivery,
  DeliveryList,
  DeliveryPath,
  DeliveryQuery,
  Recovery,
  RecoveryDraft,
} from './delivery.dto.js';
import { attemptView, deliveryView } from './delivery-view.js';

/** What became of every event for every subscription. */
@AdminRoutes(INSTANCE_PATH, 'Deliveries')
export class DeliveryController {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly gate: InstanceGate,
  ) {}

  /** Paged by cursor: there may be millions, and counting them would cost more than reading a page. */
  @Get('deliveries')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists deliveries, newest first.' })
  @ApiOkResponse({ description: 'A page; the link `next` leads to the one behind it.', type: DeliveryList })
  async list(
    @Param() { instance_id }: InstancePath,
    @Query() query: DeliveryQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
  ): Promise<DeliveryList> {
    const instance = await this.gate.enter(instance_id, caller);
    const rows = await this.deliveries.list(instance.id, query);
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      limit: query.limit,
      deliveries: page.map(deliveryView),
      first: { href: linkTo(request, undefined) },
      ...(rows.length > page.length && last !== undefined && { next: { href: linkTo(request, last.id) } }),
    };
  }

  @Get('deliveries/:id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Gives one delivery.' })
  @ApiOkResponse({ description: 'The delivery.', type: Delivery })
  async retrieve(@Param() { instance_id, id }: DeliveryPath, @Caller() caller: Principal): Promise<Delivery> {
    const instance = await this.gate.enter(instance_id, caller);
    return deliveryView(found(await this.deliveries.find(instance.id, uuidNamed(id))));
  }

  @Get('deliveries/:id/attempts')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Lists the attempts at a delivery.' })
  @ApiOkResponse({ description: 'All of them, in order.', type: AttemptList })
  async attempts(@Param() { instance_id, id }: DeliveryPath, @Caller() caller: Principal): Promise<AttemptList> {
    const instance = await this.gate.enter(instance_id, caller);
    const delivery = found(await this.deliveries.find(instance.id, uuidNamed(id)));
    const isOperator = caller.permissions.has('admin');
    const attempts = await this.deliveries.attempts(delivery.id);
    return { attempts: attempts.map((attempt) => attemptView(attempt, isOperator)) };
  }

  @Post('deliveries/:id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Has a delivery made again at once, with all of its attempts; also one that arrived.' })
  @ApiAcceptedResponse({ description: 'The delivery, waiting.', type: Delivery })
  @Fails('conflict')
  async retry(@Param() { instance_id, id }: DeliveryPath, @Caller() caller: Principal): Promise<Delivery> {
    const instance = await this.gate.enter(instance_id, caller);
    const delivery = found(await this.deliveries.find(instance.id, uuidNamed(id)));
    if (!(await this.deliveries.retry(instance.id, delivery.id, caller))) {
      const reason = 'The delivery is under way now, or its subscription is gone; look at it again in a minute.';
      throw new DomainError('conflict', { reason });
    }
    return deliveryView(found(await this.deliveries.find(instance.id, delivery.id)));
  }

  @Post('destinations/:id/recover')
  @HttpCode(202)
  @ApiOperation({ summary: 'Has everything made again that failed for a destination since a time.' })
  @ApiAcceptedResponse({ description: 'How many are under way.', type: Recovery })
  async recover(
    @Param() { instance_id, id }: DestinationPath,
    @Body() { since }: RecoveryDraft,
    @Caller() caller: Principal,
  ): Promise<Recovery> {
    const instance = await this.gate.enter(instance_id, caller);
    const destinationId = uuidNamed(id);
    if (!(await this.deliveries.hasDestination(instance.id, destinationId))) throw new DomainError('not_found');
    const recovered = await this.deliveries.recover(instance.id, destinationId, since, caller);
    return { since: since.toISOString(), recovered };
  }
}

function linkTo(request: FastifyRequest, cursor: string | undefined): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  if (cursor === undefined) parameters.delete('cursor');
  else parameters.set('cursor', cursor);
  const text = parameters.toString();
  return `${requestOrigin(request.protocol, request.headers.host)}${path}${text === '' ? '' : `?${text}`}`;
}
