import { Inject, Injectable } from '@nestjs/common';
import { mayPublishAs, type Principal } from '@tidings/access';
import { catalogue, EVENT_LIMITS, identityKey, systemOfSource, uncataloguedTopic } from '@tidings/catalogue';
import { DomainError, ENVIRONMENT, type Environment, invalidQuery } from '@tidings/runtime';
import {
  encodeEvent,
  lifecycleTopics,
  prefixed,
  type RecordPublisher,
  type Transport,
  TransportError,
} from '@tidings/transport';
import { PUBLISHER, TRANSPORT } from '../broker.module.js';
import { API_SOURCE_EXTENSION, busId } from '../matching/api-event-id.js';
import { notificationId } from '../matching/batch-load.js';
import { SourceRepository } from '../sources/source.repository.js';
import type { SentEvent } from './sent-event.js';

const API_SYSTEM = 'api';

/** Puts events that are sent through the API onto the bus. */
@Injectable()
export class NotificationService {
  private topicsAreThere: Promise<unknown> | undefined;

  constructor(
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(PUBLISHER) private readonly publisher: RecordPublisher,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly sources: SourceRepository,
  ) {}

  /**
   * @returns the notification's id in the instance
   * @throws {DomainError} `unprocessable_event` where no topic of the instance takes what its source sends
   */
  async send(instanceId: string, { attributes, data, content }: SentEvent, caller: Principal): Promise<string> {
    const sourceId = await this.takenSource(instanceId, attributes.extensions?.[API_SOURCE_EXTENSION]);
    const { type, source } = attributes;
    const id = busId(sourceId, attributes.id, content);
    const tooLong = Buffer.byteLength(id) - EVENT_LIMITS.attributeBytes.value;
    if (tooLong > 0) {
      throw invalidQuery({ id: [`must not be longer than ${Buffer.byteLength(attributes.id) - tooLong} bytes`] });
    }
    const owner = catalogue.systemOfType(type)?.name ?? API_SYSTEM;
    if (owner !== API_SYSTEM) {
      throw unprocessable('type', `belongs to the system ${owner}, which sends it itself; choose a type of your own`);
    }
    if (isForeign(source, instanceId) && !mayPublishAs(caller, source)) {
      throw new DomainError('source_not_allowed', { source });
    }
    const kafkaTopic = catalogue.type(type)?.kafkaTopic ?? uncataloguedTopic(API_SYSTEM);
    // As if a system of its own had sent it: it is kept although nobody declared its type.
    const record = encodeEvent(
      prefixed(this.environment.kafka.prefix, kafkaTopic),
      { ...attributes, id },
      data,
      'native',
    );
    try {
      await this.ensureTopics();
      await this.publisher.publish([record], { deadlineMs: this.environment.publishDeadlineMs });
    } catch (error) {
      throw publishFailure(error, this.environment.maxEventBytes);
    }
    return notificationId(identityKey(source, id), instanceId);
  }

  private async takenSource(instanceId: string, sourceId: string | undefined): Promise<string> {
    if (sourceId === undefined) throw unprocessable(API_SOURCE_EXTENSION, 'is required: the id of an API source');
    const source = await this.sources.find(instanceId, sourceId);
    if (source === undefined) {
      throw unprocessable(API_SOURCE_EXTENSION, 'is the id of no source of this instance; GET …/sources lists them');
    }
    if (source.system !== null) {
      throw unprocessable(
        API_SOURCE_EXTENSION,
        'is a pre-defined source, which sends by itself; POST …/sources makes one',
      );
    }
    if (!source.enabled) {
      throw unprocessable(API_SOURCE_EXTENSION, `is of "${source.name}", which is disabled; enable it by PATCH`);
    }
    if (source.topic_names.length === 0) {
      throw unprocessable(API_SOURCE_EXTENSION, `is of "${source.name}", which is in no topic; put it into one`);
    }
    return sourceId;
  }

  private async ensureTopics(): Promise<void> {
    const { kafka, maxEventBytes } = this.environment;
    this.topicsAreThere ??= this.transport.ensureTopics(lifecycleTopics(catalogue, { ...kafka, maxEventBytes }));
    try {
      await this.topicsAreThere;
    } catch (error) {
      this.topicsAreThere = undefined;
      throw error;
    }
  }
}

/** Whether a source is a system's own, or another instance's: `/api/<instance>` is this one's. */
function isForeign(source: string, instanceId: string): boolean {
  const system = systemOfSource(source);
  if (system === undefined || catalogue.system(system) === undefined) return false;
  const own = `/${API_SYSTEM}/${instanceId}`;
  return source !== own && !source.startsWith(`${own}/`);
}

function unprocessable(field: string, problem: string): DomainError {
  return new DomainError('unprocessable_event', {}, { members: { errors: [{ field, problem }] } });
}

function publishFailure(error: unknown, limit: number): unknown {
  if (!(error instanceof TransportError)) return error;
  if (error.code === 'TOO_LARGE') return new DomainError('event_too_large', { limit });
  const details = error.retriable ? {} : { cause: error };
  return new DomainError(error.code === 'QUEUE_FULL' ? 'overloaded' : 'broker_unavailable', {}, details);
}
