import { Controller, HttpCode, Param, Post, Res, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import type { FastifyReply } from 'fastify';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { uuidNamed } from '../api/resource-id.js';
import { DatabaseAvailability } from '@tidings/database';
import { webhook } from '../destination-types/webhook/webhook-type.js';
import { DestinationTest } from './destination-test.js';
import { demandEnabled, DestinationService } from './destination.service.js';
import { destinationView } from './destination-view.js';
import { SIGNING_GRACE_HOURS } from './signing-secret.js';

const NOTHING = {
  name: undefined,
  type: undefined,
  description: undefined,
  collectFailedEvents: undefined,
  params: undefined,
  retrySchedule: undefined,
};

/** What can be done with a destination, besides changing it. */
@Controller(`${INSTANCE_PATH}/destinations/:id`)
@Requires('notifications:admin')
@UseInterceptors(DatabaseAvailability)
export class DestinationActionController {
  constructor(
    private readonly destinations: DestinationService,
    private readonly test: DestinationTest,
    private readonly gate: InstanceGate,
  ) {}

  /** 202 for a webhook, 200 for any other kind: as IBM's clients expect it. */
  @Post('test')
  async tryOut(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const destination = await this.destinations.find(instance.id, uuidNamed(id));
    // It would wait until somebody enables the destination.
    demandEnabled(destination);
    const notificationId = await this.test.start(instance.id, destination);
    void reply.code(destination.type === webhook.name ? 202 : 200);
    return { status: 'pending', notification_id: notificationId, destination_type: destination.type };
  }

  @Post('enable')
  @HttpCode(200)
  async enable(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const instance = await this.gate.enter(instanceId, caller);
    const members = { ...NOTHING, enabled: true };
    return destinationView(await this.destinations.change(instance.id, uuidNamed(id), members, caller));
  }

  @Post('signing_secret')
  @HttpCode(200)
  async renewSigningSecret(
    @Param('instance_id') instanceId: string,
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const instance = await this.gate.enter(instanceId, caller);
    const secret = await this.destinations.renewSigningSecret(instance.id, uuidNamed(id), caller);
    void reply.header('Cache-Control', 'no-store');
    return { signing_secret: secret, former_valid_hours: SIGNING_GRACE_HOURS };
  }
}
