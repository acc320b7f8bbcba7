import { createHmac, timingSafeEqual } from 'node:crypto';

/** A position in a list, and what was known of the list at its first page. */
export interface PageCursor {
  /** The id beside which the page begins, 32 hex digits. */
  readonly id: string;
  /** Which way the page lies from there. */
  readonly direction: 'next' | 'prev';
  /** How many entries the whole list had. */
  readonly total: number;
  /** Whether there are not more than that. */
  readonly isExact: boolean;
}

/** What no number has, so that `page` can be either. */
const MARK = 'c';
const ID_BYTES = 16;
const TOTAL_BYTES = 6;
const BODY_BYTES = ID_BYTES + TOTAL_BYTES + 1;
const SEAL_BYTES = 16;
const BACKWARDS = 1;
const EXACT = 2;

/**
 * @param key shared by all processes of the installation
 * @param binding what the cursor holds for: the list, its filters, its order, whose it is
 */
export function writeCursor({ id, direction, total, isExact }: PageCursor, key: Buffer, binding: string): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.write(id, 'hex');
  body.writeUIntBE(total, ID_BYTES, TOTAL_BYTES);
  body.writeUInt8((direction === 'prev' ? BACKWARDS : 0) | (isExact ? EXACT : 0), ID_BYTES + TOTAL_BYTES);
  return MARK + Buffer.concat([body, seal(body, key, binding)]).toString('base64url');
}

/** @returns undefined when it is none, was changed, or was given out for something else */
export function readCursor(text: string, key: Buffer, binding: string): PageCursor | undefined {
  const bytes = Buffer.from(text.slice(MARK.length), 'base64url');
  if (bytes.length !== BODY_BYTES + SEAL_BYTES || MARK + bytes.toString('base64url') !== text) return undefined;
  const body = bytes.subarray(0, BODY_BYTES);
  if (!timingSafeEqual(bytes.subarray(BODY_BYTES), seal(body, key, binding))) return undefined;
  const flags = body.readUInt8(ID_BYTES + TOTAL_BYTES);
  return {
    id: body.toString('hex', 0, ID_BYTES),
    direction: (flags & BACKWARDS) === 0 ? 'next' : 'prev',
    total: body.readUIntBE(ID_BYTES, TOTAL_BYTES),
    isExact: (flags & EXACT) !== 0,
  };
}

/** What a `page` parameter says that is no plain number: a cursor, and maybe the number of its page before it. */
export interface NumberedCursor {
  readonly cursor: string;
  readonly number?: number;
}

const NUMBERED = /^(?:(\d{1,15})\.)?(c.*)$/s;

/**
 * A cursor with the number of its page before it: clients that read a number find one, and those that pass on what they
 * were given pass on the cursor.
 */
export function numberedCursor(number: number, cursor: string): string {
  return `${number}.${cursor}`;
}

/** @returns undefined where a `page` parameter is not meant to be a cursor */
export function parseNumberedCursor(text: string): NumberedCursor | undefined {
  const [, number, cursor] = NUMBERED.exec(text) ?? [];
  if (cursor === undefined) return undefined;
  return { cursor, ...(number !== undefined && { number: Number(number) }) };
}

function seal(body: Buffer, key: Buffer, binding: string): Buffer {
  return createHmac('sha256', key).update(body).update(binding).digest().subarray(0, SEAL_BYTES);
}
