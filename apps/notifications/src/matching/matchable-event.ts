import {
  eventUuid,
  identityKey,
  stringifyJson,
  withExactNumbers,
  type Catalogue,
  type EventReader,
} from '@tidings/catalogue';
import {
  JudgedEvent,
  RecordJudge,
  type EventAttributes,
  type IncomingRecord,
  type RecordJudgeOptions,
} from '@tidings/transport';
import { senderView } from './api-event-id.js';

/** An event as it came from the bus; its payload is parsed when somebody asks for it, and once. */
export class MatchableEvent {
  readonly attributes: EventAttributes;
  readonly reader: EventReader;
  private json: Record<string, unknown> | undefined;
  private hasData = false;
  private isExact = false;

  constructor(
    private readonly judged: JudgedEvent,
    readonly kafkaKey: Buffer | null,
  ) {
    this.attributes = judged.attributes;
    this.reader = judged.reader;
  }

  /** @throws {SyntaxError} where it is no JSON */
  payload(): unknown {
    return this.judged.payload();
  }

  /** As filters see it. @param withData false where none asks for the payload */
  asJson(withData: boolean): Readonly<Record<string, unknown>> {
    const json = (this.json ??= this.attributesJson());
    if (withData && !this.hasData) {
      json['data'] = this.isExact ? this.exactPayload() : this.payload();
      this.hasData = true;
    }
    return json;
  }

  /** The same, all numbers with all of their digits. */
  asExactJson(): Readonly<Record<string, unknown>> {
    const json = (this.json ??= this.attributesJson());
    if (this.hasData && !this.isExact) json['data'] = this.exactPayload();
    this.isExact = true;
    return json;
  }

  private exactPayload(): unknown {
    return withExactNumbers(this.judged.text(), this.payload());
  }

  private attributesJson(): Record<string, unknown> {
    const { attributes, members } = senderView(this.attributes, 'plain');
    const { id, source, type, time, subject, dataschema, extensions } = attributes;
    // Member by member, since most events have nothing to be spread.
    const json: Record<string, unknown> = extensions === undefined ? {} : { ...members, ...extensions };
    json['specversion'] = '1.0';
    json['id'] = id;
    json['source'] = source;
    json['type'] = type;
    json['time'] = time;
    if (subject !== undefined) json['subject'] = subject;
    if (dataschema !== undefined) json['dataschema'] = dataschema;
    json['datacontenttype'] = 'application/json';
    return json;
  }

  /** Whether its payload is one that the store takes. */
  isStorable(): boolean {
    return this.judged.refusal() === undefined;
  }

  /** Its identity, by which the store removes doubles; 32 hex digits. */
  key(): string {
    return identityKey(this.attributes.source, this.attributes.id);
  }

  /** The uuid under which the store knows it; 32 hex digits. */
  id(key: string): string {
    return eventUuid(this.micros, key);
  }

  /** The CloudEvent in structured JSON, its payload as it came. */
  body(): string {
    const { attributes: own, members } = senderView(this.attributes, 'exact');
    const { extensions, ...attributes } = own;
    const head = stringifyJson({
      ...members,
      specversion: '1.0',
      ...attributes,
      datacontenttype: 'application/json',
      ...extensions,
    });
    return `${head.slice(0, -1)},"data":${this.judged.text()}}`;
  }

  /** Its time, microseconds since the Unix epoch. */
  get micros(): bigint {
    return this.judged.micros;
  }
}

/** Makes events of messages. */
export class MatchableEventReader {
  private readonly judge: RecordJudge;

  constructor(catalogue: Catalogue, options: RecordJudgeOptions) {
    this.judge = new RecordJudge(catalogue, options);
  }

  /** @returns undefined for what the store does not take, as far as that is decided by all but the payload */
  read(record: IncomingRecord, kafkaTopic: string): MatchableEvent | undefined {
    const judged = this.judge.judge(record, kafkaTopic);
    if (!(judged instanceof JudgedEvent) || judged.tooLarge !== undefined) return undefined;
    return new MatchableEvent(judged, record.key);
  }
}
