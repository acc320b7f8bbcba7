import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal, Requires } from '@tidings/access';
import { Fails, ReadBody } from '@tidings/openapi';
import { DomainError, ENVIRONMENT, type Environment, isDomainError, StreamedBody } from '@tidings/runtime';
import { InstancePath } from '../api/admin-fields.js';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { collectBody } from '../api/request-body.js';
import { uuidNamed } from '../api/resource-id.js';
import { NotificationService } from './notification.service.js';
import { NotificationStatusRepository } from './notification-status.repository.js';
import {
  NotificationEvent,
  NotificationPath,
  NotificationStatus,
  notificationView,
  SentNotification,
} from './notification.dto.js';
import { RecentNotifications } from './recent-notifications.js';
import { readSentEvent } from './sent-event.js';

@AdminRoutes(`${INSTANCE_PATH}/notifications`, 'Notifications')
export class NotificationController {
  constructor(
    private readonly notifications: NotificationService,
    private readonly statuses: NotificationStatusRepository,
    private readonly recent: RecentNotifications,
    private readonly gate: InstanceGate,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Post()
  @HttpCode(202)
  @StreamedBody()
  @ApiOperation({ summary: 'Sends an event from an API source: a CloudEvent as JSON, or in binary mode.' })
  @ReadBody({ 'application/json': NotificationEvent, 'application/cloudevents+json': NotificationEvent })
  @ApiAcceptedResponse({ description: 'The event is on the bus.', type: SentNotification })
  @Fails(
    'empty_body',
    'source_not_allowed',
    'event_too_large',
    'unprocessable_event',
    'broker_unavailable',
    'overloaded',
  )
  async send(
    @Param() { instance_id }: InstancePath,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ): Promise<SentNotification> {
    const instance = await this.gate.enter(instance_id, caller);
    const event = readSentEvent(headers, await this.collected(body));
    const id = await this.notifications.send(instance.id, event, caller);
    this.recent.remember(instance.id, id);
    return { notification_id: id };
  }

  @Get(':id')
  @Requires('notifications:read')
  @ApiOperation({ summary: 'Tells what became of a notification, or of a destination’s test.' })
  @ApiOkResponse({ description: 'The outcome; of several deliveries, the worst.', type: NotificationStatus })
  async status(
    @Param() { instance_id, id }: NotificationPath,
    @Caller() caller: Principal,
  ): Promise<NotificationStatus> {
    const instance = await this.gate.enter(instance_id, caller);
    const notificationId = uuidNamed(id);
    const deliveries = await this.statuses.deliveries(instance.id, notificationId);
    if (deliveries.length === 0 && !this.recent.has(instance.id, notificationId)) throw new DomainError('not_found');
    return notificationView(deliveries);
  }

  private async collected(body: Readable | undefined): Promise<Buffer> {
    const limit = this.environment.maxEventBytes;
    try {
      return await collectBody(body, limit);
    } catch (error) {
      if (isDomainError(error) && error.code === 'body_too_large') throw new DomainError('event_too_large', { limit });
      throw error;
    }
  }
}
