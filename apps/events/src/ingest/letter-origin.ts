import { isJsonObject, siteOf, systemOfSource, type Catalogue } from '@tidings/catalogue';
import { RAW_NATIVE_HEADER, unprefixed, type IncomingRecord } from '@tidings/transport';

/** Whose a dead letter is, as far as its message and its place tell. */
export interface LetterOrigin {
  /** Of its kafkaTopic; undefined where that names no known one. */
  readonly system?: string;
  /** Undefined where the message does not tell it, or speaks for another system. */
  readonly site?: string;
}

/** What a scope can name. */
const SITE = /^[^:*\s\p{Cc}\p{Cs}]{1,200}$/u;

/**
 * Finds out which system and site a message belongs to, so that nobody sees the dead letters of others. It is told by the
 * kafkaTopic, since only that cannot be made up by whoever wrote the message.
 */
export class LetterOrigins {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly prefix: string,
  ) {}

  /** Never throws. */
  of(kafkaTopic: string, record: IncomingRecord): LetterOrigin {
    const [, system] = unprefixed(this.prefix, kafkaTopic)?.split('.') ?? [];
    if (system === undefined || this.catalogue.system(system) === undefined) return {};
    const source = sourceOf(record);
    if (source === undefined || this.catalogue.foreignSystem(source, system) !== undefined) return { system };
    const site = siteOf(source);
    return SITE.test(site) ? { system, site } : { system };
  }
}

function sourceOf(record: IncomingRecord): string | undefined {
  const native = textOf(record, RAW_NATIVE_HEADER);
  if (native !== undefined) return `/${native}`;
  const source = textOf(record, 'ce_source') ?? sourceInside(record.value);
  // What is no source of ours would be of the site `main` for everybody to see.
  return source !== undefined && systemOfSource(source) !== undefined ? source : undefined;
}

function textOf(record: IncomingRecord, header: string): string | undefined {
  const value = record.headers[header];
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' ? value : undefined;
}

/** Larger ones are not read again for the sake of their source. */
const MAX_PARSED = 4 * 1024 * 1024;

function sourceInside(value: Buffer | null): string | undefined {
  if (value === null || value.length > MAX_PARSED || value[0] !== 0x7b) return undefined;
  try {
    const event: unknown = JSON.parse(value.toString('utf8'));
    const source = isJsonObject(event) ? event['source'] : undefined;
    return typeof source === 'string' ? source : undefined;
  } catch {
    return undefined;
  }
}
