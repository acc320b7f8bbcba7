import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { DomainError, ENVIRONMENT, type Environment, isDomainError, StreamedBody } from '@tidings/runtime';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { collectBody } from '../api/request-body.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { NotificationService } from './notification.service.js';
import { NotificationStatusRepository } from './notification-status.repository.js';
import { notificationView } from './notification-view.js';
import { RecentNotifications } from './recent-notifications.js';
import { readSentEvent } from './sent-event.js';

@Controller(`${INSTANCE_PATH}/notifications`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
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
  async send(
    @Param('instance_id') instanceId: string,
    @Headers() headers: IncomingHttpHeaders,
    @Body() body: Readable | undefined,
    @Caller() caller: Principal,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const event = readSentEvent(headers, await this.collected(body));
    const id = await this.notifications.send(instance.id, event, caller);
    this.recent.remember(instance.id, id);
    return { notification_id: id };
  }

  @Get(':id')
  @Requires('notifications:read')
  async status(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
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
