import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@tidings/catalogue';
import { DomainError, invalidQuery } from '@tidings/runtime';
import type { ConfigurationChange } from '../configuration/configuration-changes.store.js';
import type { DestinationType } from '../destination-types/destination-type.js';
import { destinationType } from '../destination-types/destination-types.js';
import { DestinationRepository } from '../destinations/destination.repository.js';
import { TemplateRepository } from '../templates/template.repository.js';
import { TopicRepository } from '../topics/topic.repository.js';
import type { SubscriptionDraft } from './subscription.dto.js';

/** What a subscription refers to. */
@Injectable()
export class SubscriptionRelations {
  constructor(
    private readonly topics: TopicRepository,
    private readonly destinations: DestinationRepository,
    private readonly templates: TemplateRepository,
  ) {}

  /** @returns the destination's type. @throws {DomainError} `invalid_query` where topic or destination are not there */
  async typeFor(
    { client }: ConfigurationChange,
    instanceId: string,
    { topic_id: topicId, destination_id: destinationId }: SubscriptionDraft,
  ): Promise<DestinationType> {
    const topic = await this.topics.find(instanceId, topicId, client);
    const destination = await this.destinations.find(instanceId, destinationId, client);
    if (topic !== undefined && destination !== undefined) return knownType(destination.type);
    throw invalidQuery({
      ...(topic === undefined && { topic_id: [`no topic has the id ${topicId}; GET …/topics lists them`] }),
      ...(destination === undefined && {
        destination_id: [`no destination has the id ${destinationId}; GET …/destinations lists them`],
      }),
    });
  }

  /** @throws {DomainError} `invalid_query` where a template is not there, or for another kind of destination */
  async demandTemplates(
    { client }: ConfigurationChange,
    instanceId: string,
    { name, templateTypes }: DestinationType,
    attributes: JsonObject,
  ): Promise<void> {
    for (const [attribute, types] of Object.entries(templateTypes)) {
      const id = attributes[attribute];
      if (typeof id !== 'string' || id === '') continue;
      const field = `attributes.${attribute}`;
      const template = await this.templates.find(instanceId, id, client);
      if (template === undefined) {
        throw invalidQuery({ [field]: [`no template has the id ${id}; GET …/templates lists them`] });
      }
      if (types.includes(template.type)) continue;
      const wanted = `a ${name} destination takes those of type ${types.join(' or ')} there`;
      throw invalidQuery({ [field]: [`is of type ${template.type}, and ${wanted}`] });
    }
  }
}

/** @throws {DomainError} `conflict` where this release does not have the kind */
export function knownType(name: string): DestinationType {
  const type = destinationType(name);
  if (type === undefined)
    throw new DomainError('conflict', { reason: `No kind of destination here is called ${name}.` });
  return type;
}
