import { isUtf8 } from 'node:buffer';
import type { EventAttributes, EventReader, EventType, Problem } from '@tidings/catalogue';
import type { DecodedEvent } from '../cloudevents/decoded-record.js';
import type { Refusal } from './refusal.js';

const NO_PROBLEMS: readonly Problem[] = [];

/**
 * An event that nothing but its size or its payload can refuse any more. The payload is parsed and held against its type
 * when somebody asks for that, and once: most readers decide by the attributes whether an event concerns them.
 */
export class JudgedEvent {
  readonly attributes: EventAttributes;
  /** The event's time, microseconds since the Unix epoch. */
  readonly micros: bigint;
  readonly data: Buffer;
  /** The gateway made it from a system's own event, which the system will not send again. */
  readonly isNative: boolean;
  private dataText: string | undefined;
  private parsed: unknown;
  private isParsed = false;
  private found: readonly Problem[] | undefined;

  /**
   * @param declared undefined for a native event whose type its system did not declare
   * @param tooLarge the refusal where it is larger than events may be
   */
  constructor(
    { event, micros, data, native }: Omit<DecodedEvent, 'kind'>,
    readonly declared: EventType | undefined,
    readonly reader: EventReader,
    readonly tooLarge?: Refusal,
  ) {
    this.attributes = event;
    this.micros = micros;
    this.data = data;
    this.isNative = native;
  }

  /** The payload as it came. */
  text(): string {
    return (this.dataText ??= this.data.toString('utf8'));
  }

  /** @throws {SyntaxError} where it is not JSON in UTF-8 */
  payload(): unknown {
    if (!this.isParsed) {
      if (!isUtf8(this.data)) throw new SyntaxError('the data is not UTF-8');
      this.parsed = JSON.parse(this.text());
      this.isParsed = true;
    }
    return this.parsed;
  }

  /** In what the payload does not fit its declared type. @throws {SyntaxError} where it is not JSON in UTF-8 */
  problems(): readonly Problem[] {
    return (this.found ??= this.declared?.validate(this.payload()) ?? NO_PROBLEMS);
  }

  /** Never throws. @returns why it is not taken; undefined where it is */
  refusal(): Refusal | undefined {
    if (this.tooLarge !== undefined) return this.tooLarge;
    try {
      this.payload();
      if (this.isNative || this.problems().length === 0) return undefined;
      const detail = `Its payload does not fit ${this.attributes.type}.`;
      return { reason: 'invalid_payload', detail, problems: this.problems() };
    } catch (error) {
      // Whatever the payload does to the code that reads it, it does to this one event.
      const problem = `cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`;
      return { reason: 'not_an_event', detail: 'Its data cannot be read.', problems: [{ field: 'data', problem }] };
    }
  }
}
