import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DeliveryCancellation } from '../api/delivery-cancellation.repository.js';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { found } from '../api/resource-id.js';
import { demandFreeName } from '../api/taken-name.repository.js';
import { type ConfigurationChange, ConfigurationChanges } from '../configuration/configuration-changes.store.js';
import { DestinationService } from '../destinations/destination.service.js';
import { type SubscriptionChange, type SubscriptionDraft, subscriptionView } from './subscription.dto.js';
import { type StoredSubscription, SubscriptionRepository } from './subscription.repository.js';
import { knownType, SubscriptionRelations } from './subscription-relations.js';

/** A subscription as it is now. */
export interface SubscriptionWithSecret {
  readonly subscription: StoredSubscription;
  /** Of its destination, where this change made the first one; nobody can read it again. */
  readonly signingSecret: string | undefined;
}

/** Which destination takes which topic's events. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly related: SubscriptionRelations,
    private readonly destinations: DestinationService,
    private readonly changes: ConfigurationChanges,
    private readonly cancellation: DeliveryCancellation,
  ) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredSubscription>> {
    return this.subscriptions.page(instanceId, slice);
  }

  async find(instanceId: string, id: string): Promise<StoredSubscription> {
    return found(await this.subscriptions.find(instanceId, id));
  }

  async create(instanceId: string, draft: SubscriptionDraft, caller: Principal): Promise<SubscriptionWithSecret> {
    return this.changes.make(caller, async (change) => {
      const { client, audit } = change;
      const { name, topic_id, destination_id } = draft;
      await demandFreeName(client, 'subscription', instanceId, name);
      const type = await this.related.typeFor(change, instanceId, draft);
      const attributes = type.readAttributes(draft.attributes);
      await this.related.demandTemplates(change, instanceId, type, attributes);
      const id = randomUUID();
      await this.subscriptions.insert(
        client,
        instanceId,
        { id, topic_id, destination_id },
        {
          name,
          description: draft.description ?? '',
          attributes,
          filter: filterOf(draft),
        },
      );
      const subscription = found(await this.subscriptions.find(instanceId, id, client));
      await audit({
        action: 'subscription.create',
        subject: `subscription:${id}`,
        after: auditView(instanceId, subscription),
      });
      return { subscription, signingSecret: await this.secretFor(change, instanceId, subscription) };
    });
  }

  /** What the members leave out stays as it is. */
  async change(
    instanceId: string,
    id: string,
    members: SubscriptionChange,
    caller: Principal,
  ): Promise<SubscriptionWithSecret> {
    return this.changes.make(caller, async (change) => {
      const { client, audit } = change;
      const before = found(await this.subscriptions.find(instanceId, id, client));
      const name = members.name ?? before.name;
      await demandFreeName(client, 'subscription', instanceId, name, id);
      const type = knownType(before.destination_type);
      const attributes =
        members.attributes === undefined
          ? before.attributes
          : type.readAttributes(members.attributes, before.attributes);
      await this.related.demandTemplates(change, instanceId, type, attributes);
      await this.subscriptions.update(client, id, {
        name,
        description: members.description ?? before.description,
        attributes,
        filter: members.filter === undefined ? before.filter : filterOf(members),
      });
      const subscription = found(await this.subscriptions.find(instanceId, id, client));
      await audit({
        action: 'subscription.update',
        subject: `subscription:${id}`,
        before: auditView(instanceId, before),
        after: auditView(instanceId, subscription),
      });
      return { subscription, signingSecret: await this.secretFor(change, instanceId, subscription) };
    });
  }

  async remove(instanceId: string, id: string, caller: Principal): Promise<void> {
    const gone = await this.changes.make(caller, async ({ client, audit }) => {
      const before = found(await this.subscriptions.find(instanceId, id, client));
      await this.subscriptions.remove(client, id);
      await audit({
        action: 'subscription.delete',
        subject: `subscription:${id}`,
        before: auditView(instanceId, before),
      });
      return before;
    });
    await this.cancellation.ofSubscriptions([gone]);
  }

  /** Signing needs a secret: the first subscription that signs makes the destination's. */
  private async secretFor(
    change: ConfigurationChange,
    instanceId: string,
    { attributes, destination_id }: StoredSubscription,
  ): Promise<string | undefined> {
    if (attributes['signing_enabled'] !== true) return undefined;
    return this.destinations.firstSigningSecret(change, instanceId, destination_id);
  }
}

/** An empty one takes it away, as null does. */
function filterOf({ filter }: SubscriptionChange): string | null {
  return filter === undefined || filter === '' ? null : filter;
}

function auditView(instanceId: string, subscription: StoredSubscription): object {
  const { name, description, topic_id, destination_id, filter, attributes } = subscriptionView(subscription);
  return { instance_id: instanceId, name, description, topic_id, destination_id, filter, attributes };
}
