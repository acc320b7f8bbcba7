import { isJsonObject, nowMicros, parseTime } from '@tidings/catalogue';
import { type OutboundAnswer, OutboundClient, type OutboundGuard } from '@tidings/outbound';
import { BodyError } from '../body/body-error.js';
import { JsonSplitter } from '../body/json-splitter.js';
import { isOversize } from '../body/text-splitter.js';
import { ConnectorFailure, messageOf } from './connector-failure.js';
import type { ConnectorSession, RunningConnector } from './connector-session.js';
import type { SettingsOf } from './connector-settings.js';
import { type ListedEvent, WaldurPosition } from './waldur-position.js';

const PATH = '/api/events/';
/** The whole of one answer, milliseconds. */
const DEADLINE_MS = 30_000;
/** 300 events, the largest page, are usually below one. */
const MAX_PAGE_BYTES = 64 * 1_024 * 1_024;
/** Nobody is left alone for longer than this, milliseconds. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

interface Page {
  readonly events: readonly { readonly listed: ListedEvent; readonly text: Buffer }[];
  /** What its link to the next page says. */
  readonly next: string | undefined;
}

/** Asks another Waldur for its events, page by page, and remembers how far it came once Kafka has them. */
export class WaldurPoller implements RunningConnector {
  private readonly client: OutboundClient;
  private position: WaldurPosition | undefined;

  constructor(
    private readonly settings: SettingsOf<'waldur-poller'>,
    private readonly session: ConnectorSession,
    guard: OutboundGuard,
  ) {
    const { ca } = settings;
    this.client = new OutboundClient(guard, {
      maxResponseBytes: MAX_PAGE_BYTES,
      bodyMs: DEADLINE_MS,
      ...(ca !== undefined && { ca }),
    });
  }

  async attempt(signal: AbortSignal): Promise<number> {
    const { journal } = this.session;
    const position = (this.position ??= await this.loadPosition());
    const begun = Date.now();
    // By time, not by number: what Waldur forgets meanwhile would shift the pages, and a page's worth would be skipped.
    let from = position.createdFrom;
    for (let page: string | undefined = ''; page !== undefined;) {
      const { events, next }: Page = await this.fetch(from, page, signal);
      const fresh = events.filter(({ listed }) => !position.has(listed));
      await this.handOver(fresh, signal);
      position.advance(fresh.map(({ listed }) => listed));
      if (fresh.length > 0) await this.session.position.save(position);
      journal.enter('running');
      const reached = Math.max(from, ...events.map(({ listed }) => Number(listed.created / 1_000_000n)));
      // Only what happened within one second is counted through.
      page = next === undefined || reached === from ? next : '';
      from = reached;
      journal.lags(page === undefined ? 0 : position.behind(nowMicros()));
    }
    journal.covered(begun);
    return this.settings.interval_seconds * 1_000;
  }

  /** Lets go of the connection. */
  async close(): Promise<void> {
    await this.client.close();
  }

  private async loadPosition(): Promise<WaldurPosition> {
    const { since, overlap_seconds } = this.settings;
    const kept = await this.session.position.load();
    const position = WaldurPosition.from(kept, parseTime(since) ?? nowMicros(), overlap_seconds);
    // Before anything is asked for: what happens while nobody answers is wanted, too.
    if (kept === undefined) await this.session.position.save(position);
    return position;
  }

  private async handOver(events: Page['events'], signal: AbortSignal): Promise<void> {
    const { flow } = this.session;
    const arrivedAt = Date.now();
    for (const { text } of events) flow.push(text, arrivedAt);
    await flow.whenEmpty(signal);
  }

  private async fetch(createdFrom: number, page: string, signal: AbortSignal): Promise<Page> {
    const answer = await this.ask(this.addressOf(createdFrom, page), signal);
    // The list has shrunk meanwhile: the next round begins at its beginning.
    if (answer.status === 404 && page !== '') return { events: [], next: undefined };
    if (answer.status !== 200) {
      throw new ConnectorFailure(`It answered ${answer.status} to ${PATH}`, retryAfterOf(answer, Date.now()));
    }
    if (answer.isCut) {
      throw new ConnectorFailure(
        `A page broke off, or is larger than ${MAX_PAGE_BYTES} bytes; if it happens again, lower page_size`,
      );
    }
    return { events: eventsOf(answer.body), next: nextPage(answer.headers['link']) };
  }

  private async ask(url: URL, signal: AbortSignal): Promise<OutboundAnswer> {
    try {
      return await this.client.request({
        method: 'GET',
        url,
        headers: { authorization: `Token ${this.settings.token}`, accept: 'application/json' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new ConnectorFailure(`It cannot be asked: ${messageOf(error)}`, undefined, { cause: error });
    }
  }

  /** Always where the operator said: a link only tells which page. */
  private addressOf(createdFrom: number, page: string): URL {
    const { url, page_size, event_types = [], features = [] } = this.settings;
    const address = new URL(url.replace(/\/+$/, '') + PATH);
    const query = address.searchParams;
    query.set('o', 'created');
    query.set('created_from', String(createdFrom));
    query.set('page_size', String(page_size));
    for (const type of event_types) query.append('event_type', type);
    for (const feature of features) query.append('feature', feature);
    if (page !== '') query.set('page', page);
    return address;
  }
}

function eventsOf(body: Buffer): Page['events'] {
  return textsOf(body).map((text) => {
    const event = parsed(text);
    const created =
      isJsonObject(event) && typeof event['created'] === 'string' ? parseTime(event['created']) : undefined;
    if (!isJsonObject(event) || typeof event['uuid'] !== 'string' || created === undefined) {
      throw new ConnectorFailure(
        'It answered a list whose members have no uuid and created; url has to lead to a Waldur',
      );
    }
    return { listed: { uuid: event['uuid'], created }, text };
  });
}

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Each as it stands in the list: what is odd about one of them, such as its depth, is for the intake to judge. */
function textsOf(body: Buffer): readonly Buffer[] {
  const splitter = new JsonSplitter(MAX_PAGE_BYTES, { lines: false });
  try {
    const cuts = [...splitter.write(body), ...splitter.end()];
    if (splitter.framing === 'array') return cuts.filter((cut): cut is Buffer => !isOversize(cut));
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
  }
  throw new ConnectorFailure('It answered no list of events; url has to lead to a Waldur');
}

/** The `page` of the link whose `rel` is `next`. */
function nextPage(link: string | readonly string[] | undefined): string | undefined {
  const links = typeof link === 'string' ? link : (link ?? []).join(', ');
  const [, address] = /<([^<>]*)>\s*;\s*rel="?next"?/.exec(links) ?? [];
  return address === undefined || !URL.canParse(address, 'http://localhost')
    ? undefined
    : (new URL(address, 'http://localhost').searchParams.get('page') ?? undefined);
}

/** What `Retry-After` asks for, milliseconds, within reason: seconds or a date. */
function retryAfterOf({ headers }: OutboundAnswer, now: number): number | undefined {
  const [header] = headers['retry-after'] ?? [];
  if (header === undefined) return undefined;
  const wanted = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(wanted) ? undefined : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, wanted));
}
