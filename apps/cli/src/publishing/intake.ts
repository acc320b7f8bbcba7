import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../api/api-client.js';
import { CommandFailure } from '../command-failure.js';

/** What became of one event of a request. */
export interface EventFate {
  readonly position: number;
  readonly status: string;
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly uuid?: string;
  readonly code?: string;
  readonly problems?: readonly { readonly field: string; readonly problem: string }[];
}

interface IntakeAnswer {
  readonly accepted?: number;
  readonly events?: readonly EventFate[];
}

/** Where events go, and in which form. */
export interface Destination {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** Makes a body of JSON texts. */
  readonly join: (texts: readonly string[]) => string;
}

/** Any CloudEvents. */
export const CLOUD_EVENTS: Destination = {
  path: '/v1/events',
  query: {},
  contentType: 'application/cloudevents-batch+json',
  join: (texts) => `[${texts.join(',')}]`,
};

/** A system's own events. */
export function nativeEvents(system: string, site: string | undefined): Destination {
  return {
    path: `/v1/ingest/${encodeURIComponent(system)}`,
    query: { ...(site !== undefined && { site }) },
    contentType: 'application/x-ndjson',
    join: (texts) => texts.map((text) => `${text.replace(/[\r\n]+/g, ' ')}\n`).join(''),
  };
}

/** Before each further try, milliseconds: nothing is stored twice, so that all of it is sent again. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000];

/**
 * Sends a batch of events.
 * @returns what became of each
 * @throws {CommandFailure} where the request as a whole is refused, or the server stays unavailable
 */
export async function sendEvents(
  api: ApiClient,
  destination: Destination,
  texts: readonly string[],
): Promise<readonly EventFate[]> {
  for (const pause of PAUSES_MS) {
    try {
      return await sendOnce(api, destination, texts);
    } catch (error) {
      if (!(error instanceof CommandFailure && error.retriable)) throw error;
    }
    await delay(pause);
  }
  return sendOnce(api, destination, texts);
}

async function sendOnce(
  api: ApiClient,
  { path, query, contentType, join }: Destination,
  texts: readonly string[],
): Promise<readonly EventFate[]> {
  const alsoGood = [400, 403, 413, 415, 422];
  const answer = await api.request('POST', path, { query, body: join(texts), contentType, alsoGood });
  const { accepted = 0, events } = answer.json<IntakeAnswer>();
  // Of a single event the answer says as much in better words.
  const isWhole = answer.status >= 400 && accepted === 0 && texts.length === 1;
  if (events === undefined || isWhole) throw api.refusal(answer.status, answer.text);
  return events;
}
