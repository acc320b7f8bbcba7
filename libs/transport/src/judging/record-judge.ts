import {
  DEFAULT_MAX_EVENT_BYTES,
  DELIVERY_LIMITS,
  HOPS_EXTENSION,
  hopsOf,
  systemOfSource,
  type Catalogue,
  type EventAttributes,
  type EventType,
  type Problem,
} from '@tidings/catalogue';
import type { DecodedEvent, DecodedRecord } from '../cloudevents/decoded-record.js';
import { decodeRecord } from '../cloudevents/record-decoder.js';
import type { IncomingRecord } from '../port.js';
import { unprefixed } from '../topic-prefix.js';
import { JudgedEvent } from './judged-event.js';
import type { Refusal, RefusalReason } from './refusal.js';

/** What a message turned out to be. */
export type Judgement = JudgedEvent | { readonly refused: Refusal };

export interface RecordJudgeOptions {
  /** Of the kafkaTopics. */
  readonly prefix: string;
  /** The largest event, bytes of its JSON text; 1 MiB unless given. */
  readonly maxEventBytes?: number;
}

/** A message holds attributes besides its event, and base64 takes a third more. */
const MESSAGE_BYTES_OF_AN_EVENT = 2;
/** The system of undeclared types that name no known one. */
const ANY_SYSTEM = 'api';

/**
 * Decides which messages are events: the one rule for all who read them, so that no reader takes what the store puts
 * aside. What a system sent natively is taken even when nobody declared its type or its payload does not conform, because
 * the system will not send it again; everything else is held to the catalogue.
 */
export class RecordJudge {
  private readonly prefix: string;
  private readonly maxEventBytes: number;

  constructor(
    private readonly catalogue: Catalogue,
    { prefix, maxEventBytes = DEFAULT_MAX_EVENT_BYTES }: RecordJudgeOptions,
  ) {
    this.prefix = prefix;
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * Judges a message by everything but its payload, which {@link JudgedEvent.refusal} looks at, together with the size.
   * @param kafkaTopic that it came on, with the prefix
   */
  judge(record: IncomingRecord, kafkaTopic: string): Judgement {
    const decoded = decodeRecord(record);
    if (decoded.kind !== 'event') {
      return { refused: this.tooLarge(record, undefined) ?? undecoded(decoded) };
    }
    const { event, data, native } = decoded;
    const refused = refusedLoop(event);
    if (refused !== undefined) return { refused };
    const tooLarge = this.tooLarge(record, data);
    if (native) return this.nativeEvent(decoded, kafkaTopic, tooLarge);
    const declared = this.catalogue.type(event.type);
    if (declared === undefined) return { refused: this.unknownType(event) };
    const foreign = this.catalogue.foreignSystem(event.source, declared.system);
    if (foreign !== undefined) return { refused: foreignSource(event, foreign, declared) };
    return new JudgedEvent(decoded, declared, declared, tooLarge);
  }

  /** A system names the types of its native events itself; one that another system declared is not declared for it. */
  private nativeEvent(decoded: DecodedEvent, kafkaTopic: string, tooLarge: Refusal | undefined): JudgedEvent {
    const { event } = decoded;
    const system = this.systemOf(event, kafkaTopic);
    const namesake = this.catalogue.type(event.type);
    const declared = system === undefined || namesake?.system === system ? namesake : undefined;
    const reader = declared ?? this.catalogue.undeclaredReader(system ?? ANY_SYSTEM, event.type);
    return new JudgedEvent(decoded, declared, reader, tooLarge);
  }

  /** Kafka's own limit is for compressed messages: what they unpack to is measured here. */
  private tooLarge({ value }: IncomingRecord, data: Buffer | undefined): Refusal | undefined {
    const most = this.maxEventBytes;
    const bytes = value?.length ?? 0;
    if (bytes > most * MESSAGE_BYTES_OF_AN_EVENT) return refusedSize(bytes, most * MESSAGE_BYTES_OF_AN_EVENT);
    return data !== undefined && data.length > most ? refusedSize(data.length, most) : undefined;
  }

  private unknownType({ type }: EventAttributes): Refusal {
    const nearest = this.catalogue.nearest(type);
    const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
    const problem = `no such event type is declared.${hint}`;
    return refusal('unknown_type', `Nobody declared the type ${type}.`, { field: 'type', problem });
  }

  /** The known system that the kafkaTopic names, which is not the sender's to choose, or else the source. */
  private systemOf({ source }: EventAttributes, kafkaTopic: string): string | undefined {
    const [, ofTopic] = unprefixed(this.prefix, kafkaTopic)?.split('.') ?? [];
    return [ofTopic, systemOfSource(source)].find(
      (name): name is string => name !== undefined && this.catalogue.system(name) !== undefined,
    );
  }
}

function undecoded(decoded: Exclude<DecodedRecord, { readonly kind: 'event' }>): Refusal {
  if (decoded.kind === 'undecodable') {
    return { reason: 'not_an_event', detail: 'It is not a CloudEvent.', problems: decoded.problems };
  }
  // Not taken even if it can be read by now: only a message that says what event it is reaches every reader.
  const { system, problem } = decoded.raw;
  return refusal('unusable_native_event', `A native event of ${system} is unusable: ${problem}.`);
}

/** An event that comes in as often as it is delivered would go round for ever. */
function refusedLoop({ extensions }: EventAttributes): Refusal | undefined {
  const most = DELIVERY_LIMITS.hops.value;
  if (extensions === undefined || hopsOf(extensions[HOPS_EXTENSION]) <= most) return undefined;
  const problem = `says that ${most} deliveries have led to it and more; look which destination sends to this Kafka`;
  return refusal('not_an_event', 'It goes round in a loop.', { field: HOPS_EXTENSION, problem });
}

function foreignSource({ type }: EventAttributes, foreign: string, { system }: EventType): Refusal {
  const problem = `names the system ${foreign}, and ${type} is of ${system}; use a source of that system`;
  return refusal('foreign_source', 'Its source speaks for another system.', { field: 'source', problem });
}

function refusedSize(bytes: number, most: number): Refusal {
  const problem = `is ${bytes} bytes long, and ${most} are allowed (TIDINGS_MAX_EVENT_BYTES); send less`;
  return refusal('too_large', 'It is too large.', { field: 'data', problem });
}

function refusal(reason: RefusalReason, detail: string, ...problems: readonly Problem[]): Refusal {
  return { reason, detail, problems };
}
