import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isJsonObject, parseJson, parseUuid, type JsonObject } from '@tidings/catalogue';
import { type OutboundAnswer, OutboundClient, OutboundGuard } from '@tidings/outbound';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';

/** An event as the events app keeps it. */
export interface StoredEvent {
  /** 32 hex digits. */
  readonly id: string;
  readonly system: string;
  /** The whole CloudEvent, parsed, with its numbers as they came. */
  readonly event: JsonObject;
  /** The whole CloudEvent as JSON text; its payload is as it came. */
  readonly text: string;
}

export interface StoredEventPage {
  readonly events: readonly StoredEvent[];
  /** Where the next page is, for {@link EventsClient.page}; undefined: this was the last one. */
  readonly next: string | undefined;
}

/** What an event is asked to show of itself. */
const FIELDS = 'field=uuid&field=system&field=cloudevent';
/** The most that the events app puts into one page. */
const PAGE_SIZE = 100;
/** A page is parsed as a whole: it ends sooner where its events are large. */
const PAGE_BYTES = 1_000_000;
/** The most of an answer that is read, bytes: a page, behind which one event may be as large as events may be. */
const MOST_BYTES = 64 * 1_024 * 1_024;
const DEADLINE_MS = 30_000;
/** The address is the operator's own, wherever that is. */
const ANYWHERE = ['0.0.0.0/0', '::/0'];
const EVENTS_PATH = '/api/events/';

/**
 * Asks the events app for what it has stored, as any client does: no app reads another's tables. Its address is in the
 * configuration, or told once it is known, and never comes from a caller. Not by fetch, which never calls the ports that
 * browsers keep away from (4190 is one).
 */
@Injectable()
export class EventsClient implements OnApplicationShutdown {
  private readonly client = new OutboundClient(new OutboundGuard(ANYWHERE), {
    maxResponseBytes: MOST_BYTES,
    bodyMs: DEADLINE_MS,
  });
  private url: string | undefined;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(@Inject(ENVIRONMENT) { notifications, adminToken }: Environment) {
    this.url = notifications.eventsUrl;
    this.headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };
  }

  /** Says where the events app is, where no address is configured: this very process has one, once it listens. */
  connect(url: string): void {
    this.url ??= url;
  }

  /** @param id 32 hex digits. @returns undefined where there is no such event. @throws {DomainError} `events_unavailable` */
  async find(id: string): Promise<StoredEvent | undefined> {
    const answer = await this.ask(`${EVENTS_PATH}${id}?${FIELDS}`);
    if (answer.status === 404) return undefined;
    return storedEvent(textOf(answer));
  }

  /**
   * One page of those that a query chooses.
   * @param query as the events API takes it, without `page` and `field`
   * @param next where to go on, from the page before
   * @throws {DomainError} `events_unavailable`; `invalid_query` where the events app refuses the query
   */
  async page(query: URLSearchParams, next?: string): Promise<StoredEventPage> {
    const answer = await this.ask(
      next ?? `${EVENTS_PATH}?${query.toString()}&page_size=${PAGE_SIZE}&page_bytes=${PAGE_BYTES}&${FIELDS}`,
    );
    const events = memberTexts(textOf(answer)).map(storedEvent);
    return { events, next: nextOf(answer.headers['link']?.[0]) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }

  private async ask(path: string): Promise<OutboundAnswer> {
    if (this.url === undefined) {
      throw new DomainError('events_unavailable', { reason: 'TIDINGS_EVENTS_URL is not configured.' });
    }
    let answer: OutboundAnswer;
    try {
      answer = await this.client.request({
        method: 'GET',
        url: new URL(`${this.url}${path}`),
        headers: this.headers,
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw new DomainError('events_unavailable', { reason: 'the events app does not answer.' }, { cause });
    }
    if (answer.status === 200 || answer.status === 404) return answer;
    throw refusalOf(answer);
  }
}

function refusalOf(answer: OutboundAnswer): DomainError {
  const body = answer.status === 400 ? parsed(textOf(answer)) : undefined;
  if (isJsonObject(body)) {
    const fields = Object.entries(body).filter(([, problems]) => Array.isArray(problems));
    return new DomainError(
      'invalid_query',
      {},
      { fields: Object.fromEntries(fields.map(([name, problems]) => [name, (problems as unknown[]).map(String)])) },
    );
  }
  return new DomainError('events_unavailable', { reason: `the events app answers ${answer.status}.` });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf({ body, isCut }: OutboundAnswer): string {
  if (isCut) throw new DomainError('events_unavailable', { reason: 'its answer broke off.' });
  return body.toString();
}

/** The events app writes the fields in this order, and the CloudEvent is the last of them. */
const EVENT_MEMBER = ',"cloudevent":';

function storedEvent(text: string): StoredEvent {
  const shown = parseJson(text).exact;
  const { uuid, system, cloudevent } = isJsonObject(shown) ? shown : {};
  const id = typeof uuid === 'string' ? parseUuid(uuid) : undefined;
  const start = text.indexOf(EVENT_MEMBER);
  if (id === undefined || typeof system !== 'string' || !isJsonObject(cloudevent) || start < 0) {
    throw new DomainError('events_unavailable', { reason: 'its answer is not understood.' });
  }
  return { id, system, event: cloudevent, text: text.slice(start + EVENT_MEMBER.length, text.lastIndexOf('}')) };
}

/** The texts of an array's members, as they are: parsing and writing them anew would lose digits. */
function memberTexts(array: string): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < array.length; at += 1) {
    const character = array.charAt(at);
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth === 2) start = at;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 1) texts.push(array.slice(start, at + 1));
    }
  }
  return texts;
}

/** The path and query of the link to the next page. */
function nextOf(link: string | undefined): string | undefined {
  const [, target] = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '') ?? [];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, 'http://events.invalid');
  return pathname + search;
}
