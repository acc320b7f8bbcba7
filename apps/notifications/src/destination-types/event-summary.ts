import { catalogue, isJsonObject } from '@tidings/catalogue';

/** An event in a few words, for people. */
export interface EventSummary {
  /** One sentence, by the catalogue. */
  readonly message: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly subject: string | undefined;
}

/** @param eventText a CloudEvent in structured JSON */
export function summaryOf(eventText: string): EventSummary {
  const event: unknown = JSON.parse(eventText);
  const attributes = isJsonObject(event) ? event : {};
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' ? value : undefined;
  };
  const type = text('type') ?? '';
  const system = catalogue.systemOfType(type);
  const reader = catalogue.type(type) ?? (system && catalogue.undeclaredReader(system.name, type));
  return {
    // A payload that does not fit its schema may lack what the sentence is made of.
    message: sentenceOf(() => reader?.messageOf(attributes['data'])) ?? type,
    type,
    source: text('source') ?? '',
    time: text('time') ?? '',
    subject: text('subject'),
  };
}

function sentenceOf(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
