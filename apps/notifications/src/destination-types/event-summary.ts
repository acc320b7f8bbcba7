import { catalogue, isJsonObject } from '@tidings/catalogue';
import { API_SOURCE_EXTENSION } from '../matching/api-event-id.js';

const API_SYSTEM = 'api';

/** An event in a few words, for people. */
export interface EventSummary {
  /** One sentence: the sender's own, or the catalogue's. */
  readonly message: string;
  /** What a sender wrote for people beside that. */
  readonly sent: SentTexts;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly subject: string | undefined;
}

/** Texts in IBM's members of a sent notification; each undefined where there is none. */
export interface SentTexts {
  /** Of a mail. */
  readonly subject: string | undefined;
  readonly long: string | undefined;
  readonly html: string | undefined;
  readonly markdown: string | undefined;
}

/** @param eventText a CloudEvent in structured JSON */
export function summaryOf(eventText: string): EventSummary {
  const event: unknown = JSON.parse(eventText);
  const attributes = isJsonObject(event) ? event : {};
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  };
  const type = text('type') ?? '';
  const isSent = text(API_SOURCE_EXTENSION) !== undefined;
  const system = catalogue.systemOfType(type)?.name ?? (isSent ? API_SYSTEM : undefined);
  const reader = catalogue.type(type) ?? (system === undefined ? undefined : catalogue.undeclaredReader(system, type));
  const short = text('ibmendefaultshort');
  const long = text('ibmendefaultlong');
  return {
    // A payload that does not fit its schema may lack what the sentence is made of.
    message: short ?? sentenceOf(() => reader?.messageOf(attributes['data'])) ?? type,
    sent: {
      subject: text('ibmensubject'),
      long: long === short ? undefined : long,
      html: text('ibmenhtmlbody'),
      markdown: text('ibmenmarkdown'),
    },
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
