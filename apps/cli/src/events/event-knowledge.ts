import type { catalogue, EventReader, eventUuid, identityKey, parseTime, systemOfSource } from '@tidings/catalogue';
import { isObject } from '../output/exact-json.js';
import type { CloudEvent } from './cloud-event.js';

/** An event as the query API shows it. */
export interface ShownEvent {
  readonly uuid: string;
  readonly created: string;
  readonly system: string;
  readonly type: string;
  readonly event_type: string;
  readonly source: string;
  readonly subject: string | null;
  readonly outcome: string | null;
  readonly message: string;
}

/** The part of the catalogue's door that is used here. */
interface Library {
  readonly catalogue: typeof catalogue;
  readonly eventUuid: typeof eventUuid;
  readonly identityKey: typeof identityKey;
  readonly parseTime: typeof parseTime;
  readonly systemOfSource: typeof systemOfSource;
}

/** What can be said of an event by knowing its type: a stream says no more than the event itself. */
export class EventKnowledge {
  private constructor(private readonly library: Library) {}

  /** The catalogue takes half a second to load: only what needs it waits for it. */
  static async load(): Promise<EventKnowledge> {
    return new EventKnowledge(await import('@tidings/catalogue'));
  }

  /** One line for people, and how it ended. */
  tell(event: CloudEvent): { readonly message: string; readonly outcome: string | undefined; readonly name: string } {
    const reader = this.readerOf(event);
    if (reader === undefined) return { message: '', outcome: undefined, name: event.type };
    const data = isObject(event.data) ? event.data : {};
    return { message: reader.messageOf(data), outcome: reader.outcomeOf(data), name: reader.nativeType };
  }

  /** The event as a list shows it. */
  show(event: CloudEvent): ShownEvent {
    const { eventUuid, identityKey, parseTime } = this.library;
    const { message, outcome, name } = this.tell(event);
    const micros = parseTime(event.time);
    return {
      uuid: micros === undefined ? '' : eventUuid(micros, identityKey(event.source, event.id)),
      created: event.time,
      system: this.systemOf(event),
      type: event.type,
      event_type: name,
      source: event.source,
      subject: event.subject ?? null,
      outcome: outcome ?? null,
      message,
    };
  }

  /** As its system itself would send it; undefined for a system without a form of its own. */
  asNative(event: CloudEvent): unknown {
    const { catalogue } = this.library;
    const data = isObject(event.data) ? event.data : {};
    return catalogue.system(this.systemOf(event))?.native?.write({ ...event, data });
  }

  private systemOf({ type, source }: CloudEvent): string {
    const { catalogue, systemOfSource } = this.library;
    return catalogue.type(type)?.system ?? catalogue.systemOfType(type)?.name ?? systemOfSource(source) ?? '';
  }

  private readerOf(event: CloudEvent): EventReader | undefined {
    const { catalogue } = this.library;
    const declared = catalogue.type(event.type);
    if (declared !== undefined) return declared;
    const system = catalogue.systemOfType(event.type);
    return system === undefined ? undefined : catalogue.undeclaredReader(system.name, event.type);
  }
}
