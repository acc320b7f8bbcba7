import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConsoleBrowser, type KeptSession, type Look } from '../harness/console-browser.js';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const INSTANCE = '/event-notifications/v1/instances/default';

/** What every screen is looked at in. */
export const LOOKS: readonly Look[] = ([360, 1440] as const).flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

const SAMPLES = { waldur: 'waldur-webhook', lxd: 'lxd-events', cds: 'cds-webhook', ibm: 'ibm-cloudevents' };

/** A whole Tidings, and a browser that looks at it. */
export class ConsoleWorld {
  private constructor(
    readonly standalone: OwnStandalone,
    readonly browser: ConsoleBrowser,
    /** The administrator's. */
    readonly admin: KeptSession,
  ) {}

  static async start(): Promise<ConsoleWorld> {
    const standalone = await startOwnStandalone();
    const { url } = standalone.app;
    const answer = await fetch(`${url}/api/me/`, { headers: { authorization: `Bearer ${standalone.token}` } });
    const admin = { token: standalone.token, me: await answer.json() };
    return new ConsoleWorld(standalone, await ConsoleBrowser.launch(url), admin);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.standalone.stop();
  }

  get url(): string {
    return this.standalone.app.url;
  }

  /** Sends a request of the API. @param token the administrator's unless it is given */
  async ask(path: string, init: RequestInit = {}, token = this.standalone.token): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      ...(init.headers as object),
      authorization: `Bearer ${token}`,
    };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  /** Asks for something in the default instance. */
  async inInstance(path: string, init: RequestInit = {}, token = this.standalone.token): Promise<Response> {
    return this.ask(`${INSTANCE}${path}`, init, token);
  }

  /** A token of its own, as a tab keeps it. */
  async sessionWith(permissions: readonly string[], name: string): Promise<KeptSession> {
    const sources = permissions.includes('events:publish') ? ['*'] : [];
    const body = JSON.stringify({ name, permissions, scopes: ['*'], sources });
    const issued = await this.ask('/api/tokens/', { method: 'POST', body });
    const { token } = (await issued.json()) as { token: string };
    return { token, me: await (await this.ask('/api/me/', {}, token)).json() };
  }

  /** What `tidings …` prints. */
  command(...args: readonly string[]): string {
    const env = { ...process.env, TIDINGS_URL: this.url, TIDINGS_TOKEN: this.standalone.token };
    const bin = join(REPOSITORY, 'apps', 'cli', 'bin', 'tidings.mjs');
    return execFileSync(process.execPath, [bin, ...args], { env, encoding: 'utf8' }).trim();
  }

  async lxdSource(): Promise<{ readonly id: string; readonly enabled: boolean }> {
    const answer = await this.inInstance('/sources?search=lxd');
    const { sources } = (await answer.json()) as { sources: { id: string; enabled: boolean }[] };
    if (sources[0] === undefined) throw new Error('There is no source of LXD');
    return sources[0];
  }

  async setLxd(enabled: boolean, token = this.standalone.token): Promise<number> {
    const { id } = await this.lxdSource();
    const init = { method: 'PATCH', body: JSON.stringify({ enabled }) };
    return (await this.inInstance(`/sources/${encodeURIComponent(id)}`, init, token)).status;
  }

  /** The last change of a switch. */
  async lastSwitch(): Promise<unknown> {
    const answer = await this.ask('/api/audit/?action=source.enable&action=source.disable&page_size=1');
    return ((await answer.json()) as unknown[])[0];
  }

  /** A topic of LXD's events that is sent to a webhook where nobody listens. @param filter of the payload */
  async tellThePager(filter = '$.*'): Promise<void> {
    const { id } = await this.lxdSource();
    const rules = [{ event_type_filter: '$.*', notification_filter: filter }];
    const topic = await this.made('/topics', { name: 'all of lxd', sources: [{ id, rules }] });
    const config = { params: { url: 'http://127.0.0.1:9/', verb: 'post' } };
    const destination = await this.made('/destinations', { name: 'pager', type: 'webhook', config });
    const joined = { topic_id: topic.id, destination_id: destination.id, attributes: { signing_enabled: false } };
    await this.made('/subscriptions', { name: 'tell the pager', ...joined });
  }

  /** Sends what all systems really sent, and waits until it is stored and counted. */
  async sendSamples(): Promise<void> {
    for (const [system, file] of Object.entries(SAMPLES)) {
      const body = readFileSync(join(REPOSITORY, 'test', 'samples', `${file}.ndjson`));
      const answer = await this.send(system, body, 'application/x-ndjson');
      if (answer.status !== 202) throw new Error(await answer.text());
    }
    await until(async () => (await this.received()).every((count) => count > 0), { what: 'the samples to be counted' });
    await until(async () => (await this.count('')) >= 123, { what: 'the samples to be stored' });
  }

  /** Sends a native event. */
  async send(system: string, body: string | Buffer, contentType = 'application/json'): Promise<Response> {
    return this.ask(`/v1/ingest/${system}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  }

  async count(query: string): Promise<number> {
    return ((await (await this.ask(`/api/events/count/${query}`)).json()) as { count: number }).count;
  }

  private async received(): Promise<readonly number[]> {
    const answer = await this.inInstance('/sources/metrics');
    const { sources } = (await answer.json()) as { sources: { source_id: string; received: number }[] };
    return sources
      .filter(({ source_id: id }) => Object.keys(SAMPLES).some((system) => id.endsWith(`:${system}`)))
      .map(({ received }) => received);
  }

  private async made(path: string, body: unknown): Promise<{ readonly id: string }> {
    const answer = await this.inInstance(path, { method: 'POST', body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(await answer.text());
    return (await answer.json()) as { id: string };
  }
}
