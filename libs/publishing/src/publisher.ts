import {
  catalogue as tidingsCatalogue,
  DEFAULT_MAX_EVENT_BYTES,
  type Catalogue,
  type EventType,
  type Payloads,
} from '@tidings/catalogue';
import {
  encodeEvent,
  prefixed,
  type EventAttributes,
  type OutgoingRecord,
  type PublishOptions,
  type RecordPlace,
  type RecordPublisher,
} from '@tidings/transport';
import { aboutProblems, hasOrigin, sourceOf, type EventAbout, type EventOrigin } from './event-about.js';
import { MicrosecondClock, timeOrderedId } from './event-stamps.js';
import { PublishError } from './publish-error.js';
import { withRunningTrace } from './trace-context.js';

/** One event of a batch, its payload typed by its type. */
export type EventToPublish<Types extends object = Payloads> = {
  [Type in keyof Types & string]: EventAbout & { readonly type: Type; readonly payload: Types[Type] };
}[keyof Types & string];

export interface PublisherOptions {
  /** Of the transport; the publisher does not close it unless it is closed itself. */
  readonly publisher: RecordPublisher;
  /** Before the names of kafkaTopics. */
  readonly prefix?: string;
  /** Whose events these are, where a call does not say. */
  readonly origin?: EventOrigin;
  /** How long a call may take before it rejects as retriable, milliseconds; default 10,000. */
  readonly deadlineMs?: number;
  /** The largest payload, bytes of JSON; default 1 MiB. */
  readonly maxEventBytes?: number;
  /** Which event types there are; default those of Tidings. Give its payload types as the type argument. */
  readonly catalogue?: Catalogue;
}

/** An event that is safe in Kafka, and where it lies. */
export interface PublishedEvent {
  readonly id: string;
  /** As it is called on the broker, with the prefix. */
  readonly kafkaTopic: string;
  readonly partition: number;
  /** Decimal text: a number of 64 bits. */
  readonly offset: string;
}

/** An event ready to be sent. */
export interface EncodedEvent {
  readonly id: string;
  readonly record: OutgoingRecord;
}

/** Publishes events whose type, payload and attributes have been checked: what it takes, every consumer can read. */
export class Publisher<Types extends object = Payloads> {
  private readonly clock = new MicrosecondClock();
  private readonly kafkaTopics = new Map<string, string>();
  /** The event types that can be published. */
  readonly catalogue: Catalogue;
  private readonly prefix: string;
  private readonly maxEventBytes: number;
  private readonly origin: EventOrigin;

  constructor(private readonly options: PublisherOptions) {
    this.catalogue = options.catalogue ?? tidingsCatalogue;
    this.origin = options.origin ?? {};
    const wrong = aboutProblems(this.origin);
    if (wrong.length > 0) throw new PublishError('INVALID_ATTRIBUTE', 'of all event types', wrong);
    this.prefix = options.prefix ?? '';
    this.maxEventBytes = options.maxEventBytes ?? DEFAULT_MAX_EVENT_BYTES;
  }

  /**
   * Resolves when the event is safe in Kafka: all replicas in sync have it. @returns its id, and where it lies
   * @throws {PublishError} when the caller is mistaken
   * @throws {TransportError} when the broker is; where it is retriable, publish the same event again with the same `id`
   */
  async publish<Type extends keyof Types & string>(
    type: Type,
    payload: Types[Type],
    about: EventAbout = {},
  ): Promise<PublishedEvent> {
    const { id, record } = this.encode(type, payload, about);
    const [place] = await this.publishEncoded([record]);
    return published(id, record, place);
  }

  /**
   * Resolves when all of them are safe in Kafka. Nothing is sent when one of them is mistaken.
   * @returns the id and place of each, in the same order
   * @throws {PublishError | TransportError} as `publish`
   */
  async publishBatch(
    events: readonly EventToPublish<Types>[],
    options: PublishOptions = {},
  ): Promise<readonly PublishedEvent[]> {
    const encoded: EncodedEvent[] = [];
    for (const [index, event] of events.entries()) {
      try {
        encoded.push(this.encode(event.type, event.payload, event));
      } catch (error) {
        throw error instanceof PublishError ? error.at(index) : error;
      }
    }
    const places = await this.publishEncoded(
      encoded.map(({ record }) => record),
      options,
    );
    return encoded.map(({ id, record }, index) => published(id, record, places[index]));
  }

  /** Checks an event and makes the message of it, for those who send it by another way. @throws {PublishError} */
  encode<Type extends keyof Types & string>(type: Type, payload: Types[Type], about: EventAbout = {}): EncodedEvent {
    const declared = this.catalogue.type(type);
    if (declared === undefined) throw this.unknownType(type);
    const wrong = aboutProblems(about);
    if (wrong.length > 0) throw new PublishError('INVALID_ATTRIBUTE', type, wrong);
    const problems = declared.validate(payload);
    if (problems.length > 0) throw new PublishError('INVALID_PAYLOAD', type, problems);
    const data = this.textOf(type, payload);
    const event = this.attributesOf(declared, payload, about);
    return { id: event.id, record: encodeEvent(this.kafkaTopicOf(declared), event, data) };
  }

  /** Sends messages that somebody else made and checked. @returns where each of them lies @throws {TransportError} */
  async publishEncoded(
    records: readonly OutgoingRecord[],
    options: PublishOptions = {},
  ): Promise<readonly RecordPlace[]> {
    const deadlineMs = options.deadlineMs ?? this.options.deadlineMs;
    return await this.options.publisher.publish(records, deadlineMs === undefined ? {} : { deadlineMs });
  }

  /** Sends what is queued, and closes the transport's publisher. */
  async close(): Promise<void> {
    await this.options.publisher.close();
  }

  /** Put together once: a name that is made anew for each event is hashed anew wherever it is looked up. */
  private kafkaTopicOf({ kafkaTopic }: EventType): string {
    let name = this.kafkaTopics.get(kafkaTopic);
    if (name === undefined) {
      name = prefixed(this.prefix, kafkaTopic);
      this.kafkaTopics.set(kafkaTopic, name);
    }
    return name;
  }

  /** As text: the driver writes its bytes right into the request. */
  private textOf(type: string, payload: unknown): string {
    let text: string;
    try {
      text = JSON.stringify(payload);
    } catch (error) {
      const problem = `cannot be written as JSON: ${error instanceof Error ? error.message : String(error)}`;
      throw new PublishError('INVALID_PAYLOAD', type, [{ field: '', problem }]);
    }
    // No character takes more than three bytes of UTF-8 a code unit.
    if (text.length * 3 <= this.maxEventBytes) return text;
    const bytes = Buffer.byteLength(text);
    if (bytes <= this.maxEventBytes) return text;
    const problem = `takes ${bytes} bytes, ${this.maxEventBytes} are allowed`;
    throw new PublishError('TOO_LARGE', type, [{ field: '', problem }]);
  }

  private attributesOf(declared: EventType, payload: unknown, about: EventAbout): EventAttributes {
    const event: { -readonly [Name in keyof EventAttributes]: EventAttributes[Name] } = {
      id: about.id ?? timeOrderedId(Date.now()),
      source: sourceOf(hasOrigin(about) ? about : this.origin, declared.system),
      type: declared.type,
      time: about.time ?? this.clock.now(),
      dataschema: declared.dataschema,
    };
    const subject = about.subject ?? declared.subjectOf(payload);
    if (subject !== undefined) event.subject = subject;
    const extensions = withRunningTrace(about.extensions);
    if (extensions !== undefined) event.extensions = extensions;
    return event;
  }

  private unknownType(type: string): PublishError {
    const nearest = this.catalogue.nearest(type);
    const problem =
      nearest.length === 0 ? 'see the catalogue for those there are' : `did you mean ${nearest.join(' or ')}?`;
    return new PublishError('UNKNOWN_TYPE', type, [{ field: '', problem }], nearest);
  }
}

function published(id: string, { kafkaTopic }: OutgoingRecord, place: RecordPlace | undefined): PublishedEvent {
  return { id, kafkaTopic, partition: place?.partition ?? -1, offset: place?.offset ?? '-1' };
}
