import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { invalidQuery } from '@tidings/runtime';
import { DeliveryCancellation } from '../api/delivery-cancellation.repository.js';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { found } from '../api/resource-id.js';
import { demandFreeName } from '../api/taken-name.repository.js';
import { ConfigurationChanges, type Queryable } from '../configuration/configuration-changes.store.js';
import { SourceRepository } from '../sources/source.repository.js';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.js';
import type { RuleDraft, TopicDraft, TopicReplacement, TopicSourceDraft } from './topic.dto.js';
import { mergedRules } from './topic-rules.js';
import { type StoredRule, type StoredTopic, TopicRepository, type WholeTopic } from './topic.repository.js';

/** What gathers events by rules, for subscriptions to take. */
@Injectable()
export class TopicService {
  constructor(
    private readonly topics: TopicRepository,
    private readonly sources: SourceRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly changes: ConfigurationChanges,
    private readonly cancellation: DeliveryCancellation,
  ) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredTopic>> {
    return this.topics.page(instanceId, slice);
  }

  async find(instanceId: string, id: string, on?: Queryable): Promise<WholeTopic> {
    return {
      topic: found(await this.topics.find(instanceId, id, on)),
      sources: await this.topics.sources(id, on),
      rules: await this.topics.rules(id, on),
      subscriptions: await this.subscriptions.ofTopic(id, on),
    };
  }

  async create(instanceId: string, draft: TopicDraft, caller: Principal): Promise<StoredTopic> {
    return this.changes.make(caller, async ({ client, audit }) => {
      await demandFreeName(client, 'topic', instanceId, draft.name);
      const id = randomUUID();
      await this.topics.insert(client, instanceId, id, draft.name, draft.description);
      await this.putSources(client, instanceId, id, draft.sources);
      const after = await this.find(instanceId, id, client);
      await audit({ action: 'topic.create', subject: `topic:${id}`, after: auditView(instanceId, after) });
      return after.topic;
    });
  }

  /** What the draft leaves out stays as it is. */
  async replace(instanceId: string, id: string, draft: TopicReplacement, caller: Principal): Promise<WholeTopic> {
    return this.change(instanceId, id, caller, async (client, { topic, sources, rules }) => {
      const { name = topic.name, description = topic.description } = draft;
      await demandFreeName(client, 'topic', instanceId, name, id);
      await this.topics.update(client, id, name, description);
      if (draft.sources === undefined) return;
      const kept = new Set(draft.sources.map((source) => source.id));
      for (const source of sources) if (!kept.has(source.id)) await this.topics.removeSource(client, id, source.id);
      await this.putSources(client, instanceId, id, draft.sources, rules);
    });
  }

  /** Puts one source into the topic, or replaces its rules there; the others stay as they are. */
  async putSource(
    instanceId: string,
    id: string,
    sourceId: string,
    rules: readonly RuleDraft[],
    caller: Principal,
  ): Promise<WholeTopic> {
    return this.change(instanceId, id, caller, async (client, before) => {
      found(await this.sources.find(instanceId, sourceId, client));
      await this.topics.putSource(client, instanceId, id, sourceId);
      await this.topics.putRules(client, id, sourceId, mergedRules(sourceId, rules, before.rules));
      await this.topics.update(client, id, before.topic.name, before.topic.description);
    });
  }

  async removeSource(instanceId: string, id: string, sourceId: string, caller: Principal): Promise<void> {
    await this.change(instanceId, id, caller, async (client, { topic }) => {
      const wasThere = !sourceId.includes('\u0000') && (await this.topics.removeSource(client, id, sourceId));
      found(wasThere || undefined);
      await this.topics.update(client, id, topic.name, topic.description);
    });
  }

  /** Its subscriptions go with it. */
  async remove(instanceId: string, id: string, caller: Principal): Promise<void> {
    const gone = await this.changes.make(caller, async ({ client, audit }) => {
      const before = await this.find(instanceId, id, client);
      await this.topics.remove(client, id);
      await audit({ action: 'topic.delete', subject: `topic:${id}`, before: auditView(instanceId, before) });
      return before.subscriptions;
    });
    await this.cancellation.ofSubscriptions(gone);
  }

  private async change(
    instanceId: string,
    id: string,
    caller: Principal,
    work: (client: Queryable, before: WholeTopic) => Promise<void>,
  ): Promise<WholeTopic> {
    return this.changes.make(caller, async ({ client, audit }) => {
      const before = await this.find(instanceId, id, client);
      await work(client, before);
      const after = await this.find(instanceId, id, client);
      await audit({
        action: 'topic.update',
        subject: `topic:${id}`,
        before: auditView(instanceId, before),
        after: auditView(instanceId, after),
      });
      return after;
    });
  }

  private async putSources(
    client: Queryable,
    instanceId: string,
    topicId: string,
    drafts: readonly TopicSourceDraft[],
    former: readonly StoredRule[] = [],
  ): Promise<void> {
    for (const [position, { id, rules }] of drafts.entries()) {
      if ((await this.sources.find(instanceId, id, client)) === undefined) {
        throw invalidQuery({ [`sources[${position}].id`]: [`no source has the id "${id}"; GET …/sources lists them`] });
      }
      await this.topics.putSource(client, instanceId, topicId, id, position);
      await this.topics.putRules(client, topicId, id, mergedRules(id, rules, former));
    }
  }
}

function auditView(instanceId: string, { topic, sources, rules, subscriptions }: WholeTopic): object {
  return {
    instance_id: instanceId,
    name: topic.name,
    description: topic.description,
    sources: sources.map(({ id }) => ({
      id,
      rules: rules
        .filter(({ source_id }) => source_id === id)
        .map(({ enabled, event_type_filter, notification_filter }) => ({
          enabled,
          event_type_filter,
          notification_filter,
        })),
    })),
    subscriptions: subscriptions.map(({ id }) => id),
  };
}
