import type { EventType, LifecycleEvent, Payloads } from '@tidings/catalogue';
import type { EventAttributes } from '@tidings/transport';
import type { MatchedTypes } from './event-pattern.js';
import { NonConformingEvent } from './subscribing-error.js';

/** An event as a handler is given it. */
export interface SubscribedEvent<Type extends string = string, Data = unknown> extends LifecycleEvent<Data> {
  readonly type: Type;
}

/**
 * The event that a handler of this pattern is given: one member of a union for each type that the pattern fits, told
 * apart by `type`.
 */
export type EventOf<Pattern extends string> = {
  [Type in MatchedTypes<Pattern>]: SubscribedEvent<Type, Payloads[Type]>;
}[MatchedTypes<Pattern>];

/**
 * An event off the bus. Its data is parsed, and held against its type, when somebody first asks for it: many a handler
 * decides by the attributes alone.
 */
export class ArrivedEvent implements SubscribedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly dataschema?: string;
  readonly extensions?: Readonly<Record<string, string>>;
  #parsed: unknown;
  readonly #bytes: Buffer;
  /** Undefined: the data is taken as it is. */
  readonly #declared: EventType | undefined;

  /** @param checkedBy what its data has to fit */
  constructor(attributes: EventAttributes, bytes: Buffer, checkedBy: EventType | undefined) {
    this.id = attributes.id;
    this.source = attributes.source;
    this.type = attributes.type;
    this.time = attributes.time;
    if (attributes.subject !== undefined) this.subject = attributes.subject;
    if (attributes.dataschema !== undefined) this.dataschema = attributes.dataschema;
    if (attributes.extensions !== undefined) this.extensions = attributes.extensions;
    this.#bytes = bytes;
    this.#declared = checkedBy;
  }

  /** @throws {NonConformingEvent} where it does not fit its type */
  get data(): unknown {
    this.#parsed ??= this.#parse();
    return this.#parsed;
  }

  /** As a CloudEvent in the JSON format. */
  toJSON(): Record<string, unknown> {
    const { id, source, type, time, subject, dataschema, extensions, data } = this;
    return {
      ...extensions,
      ...{ specversion: '1.0', id, source, type, time, subject, dataschema },
      datacontenttype: 'application/json',
      data,
    };
  }

  #parse(): unknown {
    let data: unknown;
    try {
      data = JSON.parse(this.#bytes.toString('utf8'));
    } catch {
      throw new NonConformingEvent(this.type, [{ field: 'data', problem: 'is no JSON' }]);
    }
    const problems = this.#declared?.validate(data) ?? [];
    if (problems.length > 0) throw new NonConformingEvent(this.type, problems);
    return data;
  }
}
