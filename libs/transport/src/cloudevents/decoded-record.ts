import type { Problem } from '@tidings/catalogue';
import type { EventAttributes } from './attribute-names.js';
import type { RawNative } from './native-marks.js';

/** What a message turned out to be. */
export type DecodedRecord =
  | {
      readonly kind: 'event';
      readonly event: EventAttributes;
      /** JSON text as it came, not parsed yet. */
      readonly data: Buffer;
      /** The gateway made it from a system's own event. */
      readonly native: boolean;
    }
  | { readonly kind: 'raw-native'; readonly raw: RawNative }
  | { readonly kind: 'undecodable'; readonly problems: readonly Problem[]; readonly native: boolean };

/** The attributes while they are gathered; absent ones are undefined. */
export interface GatheredAttributes {
  specversion: string | undefined;
  id: string | undefined;
  source: string | undefined;
  type: string | undefined;
  time: string | undefined;
  subject: string | undefined;
  dataschema: string | undefined;
  extensions: Record<string, string> | undefined;
}

/** What is missing or wrong among the attributes that an event cannot be without. */
export function attributeProblems(gathered: GatheredAttributes): Problem[] {
  const problems: Problem[] = [];
  if (gathered.specversion !== '1.0') {
    const said = gathered.specversion === undefined ? 'is missing' : `is ${gathered.specversion}`;
    problems.push({ field: 'specversion', problem: `${said}; it must be 1.0` });
  }
  for (const field of ['id', 'source', 'type', 'time'] as const) {
    if (gathered[field] === undefined || gathered[field] === '') problems.push({ field, problem: 'is missing' });
  }
  return problems;
}

/** @param gathered without problems */
export function eventOf({
  id,
  source,
  type,
  time,
  subject,
  dataschema,
  extensions,
}: GatheredAttributes): EventAttributes {
  const event: { -readonly [Name in keyof EventAttributes]: EventAttributes[Name] } = {
    id: id ?? '',
    source: source ?? '',
    type: type ?? '',
    time: time ?? '',
  };
  if (subject !== undefined && subject !== '') event.subject = subject;
  if (dataschema !== undefined && dataschema !== '') event.dataschema = dataschema;
  if (extensions !== undefined) event.extensions = extensions;
  return event;
}
