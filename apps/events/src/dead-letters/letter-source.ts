import { decodeRecord, type HeaderValue, type IncomingRecord, type OutgoingRecord } from '@tidings/transport';

type Message = Pick<OutgoingRecord, 'key' | 'value' | 'headers'>;

/**
 * The source of the event that a message is read as, wherever it stands: in a header, or in the value of a structured one.
 * @returns undefined when it is not read as an event
 */
export function sourceOf({ key, value, headers }: Message): string | undefined {
  const received = Object.entries(headers).map(([name, header]) => [name, receivedHeader(header)]);
  const record: IncomingRecord = {
    offset: '0',
    timestamp: '0',
    key: key === null ? null : bytesOf(key),
    value: value === null ? null : bytesOf(value),
    headers: Object.fromEntries(received) as IncomingRecord['headers'],
  };
  const decoded = decodeRecord(record);
  return decoded.kind === 'event' ? decoded.event.source : undefined;
}

/** The source that a message names, also where it is not read as an event: what a repair of it may keep. */
export function namedSource(message: Message): string | undefined {
  const named = message.headers['ce_source'];
  return sourceOf(message) ?? (typeof named === 'string' ? named : sourceInside(message.value));
}

function sourceInside(value: string | Buffer | null): string | undefined {
  try {
    const event = JSON.parse(String(value)) as { readonly source?: unknown } | null;
    return typeof event?.source === 'string' ? event.source : undefined;
  } catch {
    return undefined;
  }
}

function receivedHeader(header: HeaderValue): HeaderValue {
  return isSeveral(header) ? header.map(bytesOf) : bytesOf(header);
}

function isSeveral(header: HeaderValue): header is readonly (string | Buffer)[] {
  return Array.isArray(header);
}

function bytesOf(part: string | Buffer): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
