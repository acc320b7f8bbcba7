import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { UnreadableAnswer } from './unreadable-answer.js';

/** The head of an answer: what decides, whatever comes of the body behind it. */
export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; several headers of one name in the order in which they came. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Whether the connection may be used again, so far as the head says. */
  readonly isKeptAlive: boolean;
}

/** The most that is read of the heads of an answer, all interim ones together, bytes. */
export const MOST_HEAD_BYTES = DELIVERY_LIMITS.answerHeadBytes.value;
/** How much of what is not HTTP is shown, bytes. */
const SHOWN_BYTES = 60;

const CR = 13;
const LF = 10;
const TLS_RECORDS: ReadonlySet<number> = new Set([20, 21, 22, 23]);
const START = Buffer.from('HTTP/');
const STATUS_LINE = /^HTTP\/(\d)(?:\.(\d))?[ \t]+([1-9]\d\d)(?:[ \t].*)?$/;
/** All but the tab; the upper half of Latin-1 is for values to have. */
const CONTROL = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const FOLDED = /\r\n[ \t]/;
const NONE: readonly string[] = [];

/**
 * Finds the end of a head.
 * @param from where to look on, from the time before
 * @returns where the body begins; undefined: more has to come
 * @throws {UnreadableAnswer} as soon as it cannot become one
 */
export function endOfHead(read: Buffer, from: number): number | undefined {
  demandHttp(read);
  const end = read.indexOf('\r\n\r\n', Math.max(0, from - 3), 'latin1');
  const head = end < 0 ? read : read.subarray(0, end + 4);
  for (let at = head.indexOf(LF, from); at >= 0; at = head.indexOf(LF, at + 1)) {
    if (head[at - 1] === CR) continue;
    throw new UnreadableAnswer(
      'ERR_ANSWER_HEAD',
      'The head of the answer ends its lines with line feeds alone; HTTP asks for a carriage return before each.',
    );
  }
  if (end >= 0 && end <= MOST_HEAD_BYTES) return end + 4;
  if (read.length <= MOST_HEAD_BYTES) return undefined;
  throw new UnreadableAnswer('ERR_ANSWER_HEAD', `The head of the answer is longer than ${MOST_HEAD_BYTES} bytes.`);
}

/** @param text the whole head with the empty line at its end, in Latin-1. @throws {UnreadableAnswer} */
export function parseHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.slice(0, -4).split('\r\n');
  const [, major, minor, status] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) throw notHttp(Buffer.from(first, 'latin1'));
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const line of FOLDED.test(text) ? unfolded(lines) : lines) {
    if (CONTROL.test(line)) throw controlIn(line);
    const colon = line.indexOf(':');
    // A line that is no header takes nothing from what the status says.
    if (colon < 1) continue;
    (headers[line.slice(0, colon).trim().toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  const connection = tokensOf(headers['connection']);
  const isOld = major === '1' && minor === '0';
  return {
    status: Number(status),
    headers,
    isKeptAlive: !connection.includes('close') && (!isOld || connection.includes('keep-alive')),
  };
}

/** @returns the members of lists in lower case, over all headers of the name */
export function tokensOf(values: readonly string[] | undefined): readonly string[] {
  if (values === undefined) return NONE;
  return values.flatMap((value) => value.split(',').map((token) => token.trim().toLowerCase()));
}

/** What was received in the place of HTTP, in a sentence. */
export function notHttp(received: Buffer): UnreadableAnswer {
  const [type, version] = received;
  const sentence =
    type !== undefined && TLS_RECORDS.has(type) && (version === undefined || version === 3)
      ? 'The receiver answers with TLS; its address has to begin with https://.'
      : `What the receiver answered is not HTTP; it begins with "${shown(received)}".`;
  return new UnreadableAnswer('ERR_NOT_HTTP', sentence);
}

/** @throws {UnreadableAnswer} where the first bytes are not those of HTTP */
function demandHttp(read: Buffer): void {
  const length = Math.min(read.length, START.length);
  if (read.compare(START, 0, length, 0, length) !== 0) throw notHttp(read);
}

function controlIn(line: string): UnreadableAnswer {
  const colon = line.indexOf(':');
  const name = colon < 0 ? '' : ` ${shown(Buffer.from(line.slice(0, colon), 'latin1'))}`;
  const code = `0x${(CONTROL.exec(line)?.[0] ?? '').charCodeAt(0).toString(16).padStart(2, '0')}`;
  return new UnreadableAnswer(
    'ERR_ANSWER_HEAD',
    `The head of the answer has a control character (${code}) in the header${name}.`,
  );
}

/** Lines that go on in the next one, which old servers make of long values. */
function unfolded(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.length - 1;
    if (/^[ \t]/.test(line) && last >= 0) whole[last] = `${whole[last] ?? ''} ${line.trim()}`;
    else whole.push(line);
  }
  return whole;
}

/** The beginning, up to the end of its line, with everything unprintable written out. */
function shown(received: Buffer): string {
  const [line = ''] = received.toString('latin1', 0, SHOWN_BYTES).split(/\r?\n/);
  return line.replace(/[^\u0020-\u007e]|["\\]/g, (one) =>
    one === '"' || one === '\\' ? `\\${one}` : `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
