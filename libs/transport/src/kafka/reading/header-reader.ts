import { isAscii } from 'node:buffer';
import type { HeaderValue, IncomingRecord } from '../../port.js';
import type { ByteReader } from './byte-reader.js';

interface HeaderName {
  readonly bytes: Buffer;
  readonly name: string;
  /** None of the names before it is the same. */
  isNew: boolean;
}

const NO_NAME = Buffer.alloc(0);
/** Longer values stay bytes. */
const MAX_TEXT_BYTES = 1_024;

/** Reads the headers of one record after another: a producer's records have the same ones, and many values repeat. */
export class HeaderReader {
  /** By position: what the record before had there. */
  private readonly names: HeaderName[] = [];
  private readonly texts: string[] = [];

  /** A name that comes several times has a list; a header without a value is known by its name alone. */
  read(reader: ByteReader, count: number): IncomingRecord['headers'] {
    const headers: Record<string, HeaderValue | undefined> = {};
    for (let index = 0; index < count; index += 1) {
      const header = this.headerName(reader, index);
      const { name } = header;
      const value = this.headerValue(reader, index);
      if (header.isNew) {
        headers[name] = value;
        continue;
      }
      header.isNew = name !== '__proto__' && !Object.hasOwn(headers, name);
      const given = Object.hasOwn(headers, name) ? headers[name] : undefined;
      const all = given === undefined ? value : together(given, value);
      if (name === '__proto__') {
        // Assigning it would change the object instead.
        Object.defineProperty(headers, name, { value: all, enumerable: true, writable: true, configurable: true });
      } else {
        headers[name] = all;
      }
    }
    return headers;
  }

  /** A producer's records have the same headers in the same order: the text is made once, and compared with the others. */
  private headerName(reader: ByteReader, index: number): HeaderName {
    const length = reader.varint();
    const known = this.names[index];
    const { bytes, at } = reader;
    if (known !== undefined && isSame(bytes, at, at + length, known.bytes)) {
      reader.skip(length);
      return known;
    }
    const bytesOfName = reader.slice(length) ?? NO_NAME;
    const header = { bytes: bytesOfName, name: bytesOfName.toString('utf8'), isNew: false };
    // What is known of those behind it depends on it.
    this.names.length = index;
    this.names.push(header);
    return header;
  }

  /** Most values are ASCII, and many the same in one record after another: a text is less than a view of bytes. */
  private headerValue(reader: ByteReader, index: number): string | Buffer | undefined {
    const length = reader.varint();
    const { bytes, at } = reader;
    const known = this.texts[index];
    if (known?.length === length && isText(bytes, at, known)) {
      reader.skip(length);
      return known;
    }
    const value = reader.slice(length) ?? undefined;
    if (value === undefined || length === 0 || length > MAX_TEXT_BYTES || !isAscii(value)) return value;
    const text = value.toString('latin1');
    this.texts[index] = text;
    return text;
  }
}

function isSame(bytes: Buffer, from: number, end: number, other: Buffer): boolean {
  if (end - from !== other.length) return false;
  for (let at = from; at < end; at += 1) if (bytes[at] !== other[at - from]) return false;
  return true;
}

/** @param text of ASCII */
function isText(bytes: Buffer, from: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[from + at] !== text.charCodeAt(at)) return false;
  return true;
}

function together(given: HeaderValue, value: string | Buffer | undefined): HeaderValue {
  if (value === undefined) return given;
  return typeof given === 'string' || Buffer.isBuffer(given) ? [given, value] : [...given, value];
}
