import { isUtf8 } from 'node:buffer';
import {
  eventUuid,
  identityKey,
  parseTime,
  stringifyJson,
  systemOfSource,
  withExactNumbers,
  type Catalogue,
  type EventReader,
  type EventType,
} from '@tidings/catalogue';
import { decodeRecord, unprefixed, type EventAttributes, type IncomingRecord } from '@tidings/transport';
import { senderView } from './api-event-id.js';

/** An event as it came from the bus; its payload is parsed when somebody asks for it, and once. */
export class MatchableEvent {
  private parsed: unknown;
  private isParsed = false;
  private json: Record<string, unknown> | undefined;
  private hasData = false;
  private dataText: string | undefined;

  constructor(
    readonly attributes: EventAttributes,
    readonly data: Buffer,
    readonly reader: EventReader,
    readonly kafkaKey: Buffer | null,
    private readonly declared: EventType | undefined,
    private readonly isNative: boolean,
  ) {}

  /** @throws {SyntaxError} where it is no JSON */
  payload(): unknown {
    if (!this.isParsed) {
      if (!isUtf8(this.data)) throw new SyntaxError('the data is not UTF-8');
      this.parsed = JSON.parse(this.text());
      this.isParsed = true;
    }
    return this.parsed;
  }

  /** As filters see it, all numbers with all of their digits. @param withData false where none asks for the payload */
  asJson(withData: boolean): Readonly<Record<string, unknown>> {
    if (this.json === undefined) {
      const { attributes: own, members } = senderView(this.attributes, 'plain');
      const { extensions, ...attributes } = own;
      this.json = { ...members, ...extensions, specversion: '1.0', ...attributes, datacontenttype: 'application/json' };
    }
    if (withData && !this.hasData) {
      this.json['data'] = withExactNumbers(this.text(), this.payload());
      this.hasData = true;
    }
    return this.json;
  }

  private text(): string {
    return (this.dataText ??= this.data.toString('utf8'));
  }

  /** Whether the store takes it, as far as the payload decides. @throws {SyntaxError} where it is no JSON */
  isStorable(): boolean {
    if (parseTime(this.attributes.time) === undefined) return false;
    const payload = this.payload();
    return this.isNative || this.declared?.validate(payload).length === 0;
  }

  /** Its identity, by which the store removes doubles; 32 hex digits. */
  key(): string {
    return identityKey(this.attributes.source, this.attributes.id);
  }

  /** The uuid under which the store knows it; 32 hex digits. */
  id(key: string): string {
    return eventUuid(this.micros(), key);
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
    return `${head.slice(0, -1)},"data":${this.text()}}`;
  }

  /** Its time, microseconds since the Unix epoch. */
  micros(): bigint {
    const micros = parseTime(this.attributes.time);
    if (micros === undefined) throw new RangeError('an event without a usable time is not storable');
    return micros;
  }
}

/** Makes events of messages. */
export class MatchableEventReader {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
  ) {}

  /** @returns undefined for what is no event, or of a type that the store does not take */
  read(record: IncomingRecord, kafkaTopic: string): MatchableEvent | undefined {
    const decoded = decodeRecord(record);
    if (decoded.kind !== 'event') return undefined;
    const { event, data, native } = decoded;
    const declared = this.catalogue.type(event.type);
    // What a system sent natively is kept even when nobody declared its type.
    if (declared === undefined && !native) return undefined;
    const reader = declared ?? this.catalogue.undeclaredReader(this.systemOf(event, kafkaTopic), event.type);
    return new MatchableEvent(event, data, reader, record.key, declared, native);
  }

  /** For a type that nobody declared: the system is in the kafkaTopic's name, or in the source's. */
  private systemOf({ source }: EventAttributes, kafkaTopic: string): string {
    const [, ofTopic] = unprefixed(this.prefix, kafkaTopic)?.split('.') ?? [];
    const known = [ofTopic, systemOfSource(source)].find(
      (name): name is string => name !== undefined && this.catalogue.system(name) !== undefined,
    );
    return known ?? 'api';
  }
}
