import { HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { Fails } from '@tidings/openapi';
import type { FastifyReply } from 'fastify';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { uuidNamed } from '../api/resource-id.js';
import { webhook } from '../destination-types/webhook/webhook-type.js';
import { DestinationTest } from './destination-test.js';
import { Destination, DestinationPath, destinationView, SigningSecret, StartedTest } from './destination.dto.js';
import { demandEnabled, DestinationService } from './destination.service.js';
import { SIGNING_GRACE_HOURS } from './signing-secret.js';

/** What can be done with a destination, besides changing it. */
@AdminRoutes(`${INSTANCE_PATH}/destinations/:id`, 'Destinations')
export class DestinationActionController {
  constructor(
    private readonly destinations: DestinationService,
    private readonly test: DestinationTest,
    private readonly gate: InstanceGate,
  ) {}

  /** 202 for a webhook, 200 for any other kind: as IBM's clients expect it. */
  @Post('test')
  @ApiOperation({ summary: 'Sends an event to a destination, once, to see whether it arrives.' })
  @ApiAcceptedResponse({
    description: 'The test of a webhook has begun; `GET …/notifications/{id}` tells its outcome.',
    type: StartedTest,
  })
  @ApiOkResponse({
    description: 'The test of any other kind has begun; `GET …/notifications/{id}` tells its outcome.',
    type: StartedTest,
  })
  @Fails('conflict')
  async tryOut(
    @Param() { instance_id, id }: DestinationPath,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedTest> {
    const instance = await this.gate.enter(instance_id, caller);
    const destination = await this.destinations.find(instance.id, uuidNamed(id));
    // It would wait until somebody enables the destination.
    demandEnabled(destination);
    const notificationId = await this.test.start(instance.id, destination);
    void reply.code(destination.type === webhook.name ? 202 : 200);
    return { status: 'pending', notification_id: notificationId, destination_type: destination.type };
  }

  @Post('enable')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Enables a destination again, for example after too many failures; what waits goes out.',
  })
  @ApiOkResponse({ description: 'The destination.', type: Destination })
  async enable(@Param() { instance_id, id }: DestinationPath, @Caller() caller: Principal): Promise<Destination> {
    const instance = await this.gate.enter(instance_id, caller);
    return destinationView(await this.destinations.change(instance.id, uuidNamed(id), { enabled: true }, caller));
  }

  @Post('signing_secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes a new secret to sign with. The former one stays valid for a day: both sign.' })
  @ApiOkResponse({ description: 'The secret; it is never shown again.', type: SigningSecret })
  async renewSigningSecret(
    @Param() { instance_id, id }: DestinationPath,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SigningSecret> {
    const instance = await this.gate.enter(instance_id, caller);
    const secret = await this.destinations.renewSigningSecret(instance.id, uuidNamed(id), caller);
    void reply.header('Cache-Control', 'no-store');
    return { signing_secret: secret, former_valid_hours: SIGNING_GRACE_HOURS };
  }
}
