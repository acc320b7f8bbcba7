import { Controller, Get, Inject, Param, UseInterceptors } from '@nestjs/common';
import { Caller, type Principal, Requires } from '@tidings/access';
import { hyphenated, identityKey, parseUuid } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import { INSTANCE_PATH } from '../api/api-path.js';
import { InstanceGate } from '../api/instance-gate.js';
import { found } from '../api/resource-id.js';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { DatabaseAvailability } from '@tidings/database';
import { sentEvent } from '../matching/api-event-id.js';
import { EventsClient } from '../stored-events/events-client.js';
import { explainRouting } from './event-routing.js';
import { RoutedDeliveryRepository } from './routed-delivery.repository.js';
import { mayBeSeenBy, sourceOf } from './stored-event-match.js';

/** Why a stored event went where it went, and not elsewhere. */
@Controller(`${INSTANCE_PATH}/events`)
@Requires('notifications:read')
@UseInterceptors(DatabaseAvailability)
export class RoutingController {
  constructor(
    private readonly gate: InstanceGate,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
    private readonly events: EventsClient,
    private readonly deliveries: RoutedDeliveryRepository,
  ) {}

  @Get(':id/routing')
  async routing(@Param('instance_id') instanceId: string, @Param('id') id: string, @Caller() caller: Principal) {
    const { id: ownId } = await this.gate.enter(instanceId, caller);
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
