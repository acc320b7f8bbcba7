import { mayPublishAs, type Principal } from '@tidings/access';
import { DEFAULT_SITE, nativeSource, systemOfSource, type Catalogue } from '@tidings/catalogue';
import { decodeRecord, type HeaderValue, type IncomingRecord, type OutgoingRecord } from '@tidings/transport';

type Message = Pick<OutgoingRecord, 'key' | 'value' | 'headers'>;

/** The attributes that say for whom an event speaks: its source, and the API source whose subscriptions it reaches. */
const SPEAKING = ['source', 'ibmensourceid'] as const;
type Speaking = (typeof SPEAKING)[number] | 'type';

/**
 * What a repaired message says it comes from that neither the original said nor the caller may publish as: its source, or
 * the system of its type, where the source names none.
 * @returns undefined when there is nothing of the kind
 */
export function foreignSource(
  original: Message,
  repaired: Message,
  caller: Pick<Principal, 'sources'>,
  catalogue: Catalogue,
): string | undefined {
  const brought = SPEAKING.map((attribute) => {
    const name = readAs(repaired, attribute);
    return name === namedIn(original, attribute) ? undefined : name;
  });
  return [...brought, systemBrought(original, repaired, catalogue)].find(
    (name) => name !== undefined && !mayPublishAs(caller, name),
  );
}

/** @returns a source of the system of which the repaired message is, where neither its source nor the original named it */
function systemBrought(original: Message, repaired: Message, catalogue: Catalogue): string | undefined {
  const system = catalogue.type(readAs(repaired, 'type') ?? '')?.system;
  if (system === undefined || systemOfSource(readAs(repaired, 'source') ?? '') === system) return undefined;
  const before = catalogue.systemOfType(namedIn(original, 'type') ?? '')?.name;
  return before === system ? undefined : nativeSource(system, DEFAULT_SITE);
}

/**
 * The source of the event that a message is read as, wherever it stands: in a header, or in the value of a structured one.
 * @returns undefined when it is not read as an event
 */
export function sourceOf(message: Message): string | undefined {
  return readAs(message, 'source');
}

function readAs({ key, value, headers }: Message, attribute: Speaking): string | undefined {
  const received = Object.entries(headers).map(([name, header]) => [name, receivedHeader(header)]);
  const record: IncomingRecord = {
    offset: '0',
    timestamp: '0',
    key: key === null ? null : bytesOf(key),
    value: value === null ? null : bytesOf(value),
    headers: Object.fromEntries(received) as IncomingRecord['headers'],
  };
  const decoded = decodeRecord(record);
  if (decoded.kind !== 'event') return undefined;
  const { event } = decoded;
  return attribute === 'ibmensourceid' ? event.extensions?.[attribute] : event[attribute];
}

/** What a message names, also where it is not read as an event: what a repair of it may keep. */
function namedIn(message: Message, attribute: Speaking): string | undefined {
  const named = message.headers[`ce_${attribute}`];
  return readAs(message, attribute) ?? (typeof named === 'string' ? named : namedInside(message.value, attribute));
}

function namedInside(value: string | Buffer | null, attribute: Speaking): string | undefined {
  try {
    const event = JSON.parse(String(value)) as Readonly<Partial<Record<Speaking, unknown>>> | null;
    const named = event?.[attribute];
    return typeof named === 'string' ? named : undefined;
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
