import { Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Caller, type Principal } from '@tidings/access';
import { hyphenated, identityKey, parseUuid } from '@tidings/catalogue';
import { Fails } from '@tidings/openapi';
import { DomainError } from '@tidings/runtime';
import { AdminRoutes } from '../api/admin-routes.js';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found } from '../api/resource-id.js';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { sentEvent } from '../matching/api-event-id.js';
import { EventsClient } from '../stored-events/events-client.js';
import { explainRouting } from './event-routing.js';
import { RoutedDeliveryRepository } from './routed-delivery.repository.js';
import { EventRouting, StoredEventPath } from './routing.dto.js';
import { mayBeSeenBy, sourceOf } from './stored-event-match.js';

/** Why a stored event went where it went, and not elsewhere. */
@AdminRoutes(`${INSTANCE_PATH}/events`, 'Rules', 'notifications:read')
export class RoutingController {
  constructor(
    private readonly gate: InstanceGate,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
    private readonly events: EventsClient,
    private readonly deliveries: RoutedDeliveryRepository,
  ) {}

  @Get(':id/routing')
  @ApiOperation({
    summary:
      'Tells which topics take a stored event under the present rules, why the others do not, and what was delivered.',
  })
  @ApiOkResponse({ description: 'How the event goes.', type: EventRouting })
  @Fails('events_unavailable')
  async routing(@Param() { instance_id, id }: StoredEventPath, @Caller() caller: Principal): Promise<EventRouting> {
    const { id: ownId } = await this.gate.enter(instance_id, caller);
    const configuration = this.configuration.current();
    const instance = found(configuration.instances.get(ownId));
    const uuid = found(parseUuid(id));
    const stored = found(await this.events.find(uuid));
    if (!mayBeSeenBy(instance, stored)) throw new DomainError('not_found');
    const { event, system } = stored;
    const sent = sentEvent(event);
    const source = sourceOf(instance, system, event);
    const key = identityKey(String(event['source']), String(event['id']));
    return {
      event: {
        uuid: hyphenated(uuid),
        id: sent['id'],
        source: event['source'],
        type: event['type'],
        subject: event['subject'] ?? null,
        time: event['time'],
      },
      configuration_version: Number(configuration.version),
      source: source === undefined ? null : { id: source.id, name: source.name, enabled: source.enabled },
      topics: await explainRouting(configuration, instance, source, sent),
      deliveries: await this.deliveries.ofEvent(ownId, key),
    };
  }
}
