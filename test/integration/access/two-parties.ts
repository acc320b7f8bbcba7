import { expect } from 'vitest';
import { type Answer, type ApiWorld, SAMPLE_SYSTEMS, sampleLines } from '../api-world.js';

const SITES = ['north', 'south'] as const;
export type Site = (typeof SITES)[number];

/** What is known of an event that one of them may see. */
export interface OwnEvent {
  /** 32 hex digits. */
  readonly id: string;
  readonly number: string;
  readonly system: string;
  readonly type: string;
  readonly source: string;
  readonly site: string;
  readonly outcome: string;
  readonly subject: string | null;
  /** `2026-11-02` */
  readonly day: string;
}

/** Somebody who may see the events of one site, of all systems; and what is there. */
export interface Party {
  readonly site: Site;
  readonly headers: Readonly<Record<string, string>>;
  /** The newest first. */
  events: readonly OwnEvent[];
}

/** Two readers with nothing in common, of the same samples at two sites; the other's events are never theirs. */
export class TwoParties {
  private readonly parties = new Map<Site, Party>();

  private constructor(private readonly world: ApiWorld) {}

  static readonly sites = SITES;

  static async settle(world: ApiWorld): Promise<TwoParties> {
    const both = new TwoParties(world);
    for (const site of SITES) {
      for (const system of SAMPLE_SYSTEMS) {
        // The sites differ in how much they have, so that a count tells whose it is.
        await world.storeNative(system, sampleLines(system).slice(site === 'north' ? 0 : 1), site);
      }
      const scopes = SAMPLE_SYSTEMS.map((system) => `${system}:${site}`);
      const token = await world.makeToken(scopes);
      both.parties.set(site, { site, headers: { authorization: `Bearer ${token}` }, events: [] });
    }
    await both.count();
    return both;
  }

  at(site: Site): Party {
    const party = this.parties.get(site);
    if (party === undefined) throw new Error(`Nobody is at ${site}`);
    return party;
  }

  otherThan({ site }: Party): Party {
    return this.at(site === 'north' ? 'south' : 'north');
  }

  /** Looks up what is stored of each. */
  async count(): Promise<void> {
    for (const party of this.parties.values()) {
      const { rows } = await this.world.pool.query<OwnEvent>(
        `SELECT replace(e.id::text, '-', '') AS id, e.sequence::text AS number, t.system, t.type, s.source, s.site,
          (ARRAY['succeeded', 'failed', 'scheduled', 'in_progress', 'cancelled'])[e.outcome + 1] AS outcome, e.subject,
          to_char(e.time AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
        FROM events.event e JOIN events.source s ON s.id = e.source_id JOIN events.event_type t ON t.id = e.type_id
        WHERE s.site = $1 ORDER BY e.id DESC`,
        [party.site],
      );
      expect(rows.length).toBeGreaterThan(10);
      party.events = rows;
    }
  }

  ask(party: Party, path: string, method = 'GET'): Promise<Answer> {
    return this.world.request(path, { headers: party.headers, method });
  }

  /** Asks what has to be answered, and looks whether anything of the other is in it; and so with HEAD. */
  async asked(party: Party, path: string): Promise<Answer> {
    const answer = await this.ask(party, path);
    expect(answer.status, `${path}: ${answer.text}`).toBe(200);
    const head = await this.ask(party, path, 'HEAD');
    expect([head.status, head.text, head.headers['x-result-count']], path).toEqual([
      200,
      '',
      answer.headers['x-result-count'],
    ]);
    for (const { headers, text } of [answer, head]) this.expectNothingForeign(party, JSON.stringify(headers) + text);
    return answer;
  }

  /** Both ways to ask are refused, with the same words whoever asks for whatever. */
  async refused(party: Party, path: string, status: number): Promise<string> {
    const answer = await this.ask(party, path);
    expect([answer.status, (await this.ask(party, path, 'HEAD')).status], path).toEqual([status, status]);
    this.expectNothingForeign(party, JSON.stringify(answer.headers) + answer.text);
    return answer.text;
  }

  expectNothingForeign(party: Party, text: string): void {
    const { site, events } = this.otherThan(party);
    for (const { id } of events) if (text.includes(id)) expect.fail(`${id} is of ${site}`);
    expect(text).not.toMatch(new RegExp(`/(waldur|lxd|cds|ibm)/${site}|secret-of-${site}-`));
  }

  /** Something that happens at both sites, at the other one first: when one's own has come, nothing else will. */
  async happensAtBoth(party: Party, what: string): Promise<void> {
    for (const { site } of [this.otherThan(party), party]) {
      const name = `secret-of-${site}-${what}`;
      const metadata = { action: 'instance-created', source: `/1.0/instances/${name}`, name, project: 'default' };
      const timestamp = new Date().toISOString();
      await this.world.storeNative('lxd', [{ type: 'lifecycle', timestamp, project: 'default', metadata }], site);
    }
    await this.count();
  }
}
