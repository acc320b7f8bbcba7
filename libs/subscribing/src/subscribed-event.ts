import type { LifecycleEvent, Payloads, Problem } from '@tidings/catalogue';
import type { JudgedEvent } from '@tidings/transport';
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

/** An event off the bus. */
export class ArrivedEvent implements SubscribedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly dataschema?: string;
  readonly extensions?: Readonly<Record<string, string>>;
  readonly #judged: JudgedEvent;
  readonly #isChecked: boolean;

  /** @param isChecked whether the data has to fit the type */
  constructor(judged: JudgedEvent, isChecked: boolean) {
    const { attributes } = judged;
    this.id = attributes.id;
    this.source = attributes.source;
    this.type = attributes.type;
    this.time = attributes.time;
    if (attributes.subject !== undefined) this.subject = attributes.subject;
    if (attributes.dataschema !== undefined) this.dataschema = attributes.dataschema;
    if (attributes.extensions !== undefined) this.extensions = attributes.extensions;
    this.#judged = judged;
    this.#isChecked = isChecked;
  }

  /** @throws {NonConformingEvent} where it does not fit its type */
  get data(): unknown {
    let data: unknown;
    try {
      data = this.#judged.payload();
    } catch {
      throw new NonConformingEvent(this.type, [{ field: 'data', problem: 'is no JSON' }]);
    }
    // What a system sent natively is kept even where it does not fit: only reading it shows that.
    if (this.#isChecked) this.#refuse(this.#judged.problems());
    return data;
  }

  /** Before a handler sees it. @throws {NonConformingEvent} where the store puts it aside for its size or its data */
  check(): void {
    const refusal = this.#isChecked ? this.#judged.refusal() : this.#judged.tooLarge;
    this.#refuse(refusal?.problems ?? []);
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

  #refuse(problems: readonly Problem[]): void {
    if (problems.length > 0) throw new NonConformingEvent(this.type, problems);
  }
}
