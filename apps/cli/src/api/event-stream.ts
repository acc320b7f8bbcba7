import { setTimeout as delay } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { CommandFailure } from '../command-failure.js';
import { isObject, parseExact } from '../output/exact-json.js';
import type { ApiClient, Parameters } from './api-client.js';
import { searchOf } from './api-client.js';
import { LineReader } from './line-reader.js';
import { reasonOf, unreachable } from './unreachable.js';

const PATH = '/v1/stream';
/** The server sends a heartbeat every 15 s; three missed ones mean that the connection is lost. */
const SILENCE_MS = 45_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** The same request will never succeed with these. */
const FINAL_STATUSES = new Set([400, 401, 403, 404, 405, 414]);
const TOKEN_ENDS = new Set(['revoked', 'expired']);

/** What a stream hands over: an event, or only how far it has come. */
export interface StreamItem {
  readonly position: string;
  /** The CloudEvent, JSON text. */
  readonly event?: string;
}

export interface FollowOptions {
  readonly filters: Parameters;
  /** Begin with what was stored then. */
  readonly since?: string;
  /** Begin behind this position. */
  readonly after?: string;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Told when the connection is lost and another try is made, in milliseconds; and when it is back, with undefined. */
  readonly onPause?: (reason: string, pause: number | undefined) => void;
}

/**
 * Follows the server's stream. A connection that is lost is made again, with growing pauses, from where it had come to:
 * no event is missing and none comes twice.
 * @throws {CommandFailure} when the first connection fails, or when another try would not help
 */
export async function* follow(api: ApiClient, options: FollowOptions): AsyncGenerator<StreamItem> {
  const { signal, onPause } = options;
  let position = options.after;
  let failures = 0;
  let hasBeenThere = false;
  while (!signal.aborted) {
    let reason: string;
    try {
      const query = searchOf({ ...options.filters, ...(position === undefined && { since: options.since }) });
      for await (const item of connect(api, query, position, signal)) {
        if (failures > 0) onPause?.('', undefined);
        failures = 0;
        hasBeenThere = true;
        position = item.position;
        yield item;
      }
      reason = 'the server ended the stream';
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CommandFailure && !(error.retriable && hasBeenThere)) throw error;
      if (!hasBeenThere) throw unreachable(error, api.connection);
      reason = error instanceof CommandFailure ? error.message : reasonOf(error);
    }
    failures += 1;
    const pause = pauseBefore(failures);
    onPause?.(reason, pause);
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Doubled each time, and spread, so that a thousand clients do not come again in the same instant. */
function pauseBefore(failures: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return Math.round(whole * (0.5 + Math.random() / 2));
}

async function* connect(
  api: ApiClient,
  query: URLSearchParams,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<StreamItem> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('nothing came for a while')), SILENCE_MS);
  try {
    const response = await api.open('GET', PATH, {
      query,
      headers: { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null) throw await refused(api, response);
    const reader = new StreamReader();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      timer.refresh();
      yield* reader.read(chunk);
      if (reader.end !== undefined) throw reader.end;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function refused(api: ApiClient, response: Response): Promise<CommandFailure> {
  const text = await response.text();
  const failure = api.refusal(response.status, text);
  if (FINAL_STATUSES.has(response.status)) return failure;
  return new CommandFailure('unreachable', failure.message, failure.advice);
}

/** Reads Server-Sent Events, and where the server says how far it has come without an event. */
class StreamReader {
  /** The server's last words, once it has said them. */
  end: CommandFailure | undefined;
  private readonly lines = new LineReader();
  private readonly items: StreamItem[] = [];
  private position: string | undefined;
  private isAhead = false;

  private readonly parser = createParser({
    onEvent: ({ id, event, data }) => {
      this.isAhead = false;
      if (id === undefined && event === 'error') this.end = streamEnd(data);
      else if (this.position !== undefined) this.items.push({ position: this.position, event: data });
    },
  });

  /** @returns what the bytes complete */
  read(chunk: Uint8Array): StreamItem[] {
    for (const line of this.lines.read(chunk)) {
      // The parser keeps an id that no data came with to itself, and it is what a resumed stream needs.
      if (line.startsWith('id:')) {
        this.position = line.slice('id:'.length).trim();
        this.isAhead = true;
      }
      this.parser.feed(`${line}\n`);
      if (line === '' && this.isAhead && this.position !== undefined) {
        this.items.push({ position: this.position });
        this.isAhead = false;
      }
    }
    return this.items.splice(0);
  }
}

/** Why the server ended a stream: a revoked or expired token is final, everything else is retried. */
function streamEnd(data: string): CommandFailure {
  const parsed = parseExact(data);
  const { reason, detail } = isObject(parsed) ? parsed : {};
  const isToken = TOKEN_ENDS.has(String(reason));
  return new CommandFailure(
    isToken ? 'unauthorised' : 'unreachable',
    typeof detail === 'string' ? detail : 'The server ended the stream.',
    isToken ? ['An administrator can create another: tidings tokens create --help'] : [],
  );
}
