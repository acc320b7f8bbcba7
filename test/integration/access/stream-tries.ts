import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../harness/until.js';
import type { ApiWorld } from '../api-world.js';
import { SseClient } from '../live/sse-client.js';
import type { Party, TwoParties } from './two-parties.js';

/** A reader who tries each stream for what is not theirs, of the past and of the present. */
export class StreamTries {
  constructor(
    private readonly world: ApiWorld,
    private readonly both: TwoParties,
  ) {}

  readonly stream = async (party: Party): Promise<void> => {
    const position = await this.sse(party, '?since=1', {}, `sse-for-${party.site}`);
    // From where the other one stands: a position is no secret, what lies behind it is.
    const first = await this.sse(this.both.otherThan(party), '?since=1', {}, `other-for-${party.site}`);
    await this.sse(party, '', { 'last-event-id': first }, `resumed-for-${party.site}`);
    await this.sse(party, `?last_event_id=${position}`, {}, `again-for-${party.site}`);
    const { site } = this.both.otherThan(party);
    await this.silence(party, `?since=1&site=${site}`);
    await this.silence(party, `?since=1&scope=lxd:${site}`);
    await this.socket(party, '/v1/stream?since=1', {}, party.events.length);
    await this.socket(party, '/v1/stream', { 'last-event-id': first }, 0);
  };

  /** LXD keeps nothing and resumes nothing: whatever else is asked for is passed over. */
  readonly lxd = async (party: Party): Promise<void> => {
    await this.socket(party, '/1.0/events?all-projects=true', {}, 0);
    await this.socket(party, '/1.0/events?all-projects=true&since=1&last_event_id=1-1', { 'last-event-id': '1-1' }, 0);
  };

  /** @returns the position of the first event that came */
  private async sse(
    party: Party,
    query: string,
    headers: Readonly<Record<string, string>>,
    what: string,
  ): Promise<string> {
    const stream = await SseClient.open(this.world.url, `/v1/stream${query}`, { ...party.headers, ...headers });
    try {
      expect(stream.response.statusCode).toBe(200);
      await stream.live();
      await this.both.happensAtBoth(party, what);
      const texts = (): string => stream.messages.map(({ data }) => data).join('\n');
      await until(() => texts().includes(`secret-of-${party.site}-${what}`), { what: 'the live event' });
      if (query === '?since=1') expect(stream.messages).toHaveLength(party.events.length);
      this.both.expectNothingForeign(party, texts());
      return stream.messages[0]?.id ?? '';
    } finally {
      stream.close();
    }
  }

  /** What narrows to somebody else's says nothing. */
  private async silence(party: Party, query: string): Promise<void> {
    const silent = await SseClient.open(this.world.url, `/v1/stream${query}`, party.headers);
    const other = await SseClient.open(this.world.url, '/v1/stream', party.headers);
    try {
      if (silent.response.statusCode !== 200) return;
      await Promise.all([silent.live(), other.live()]);
      await this.both.happensAtBoth(party, 'silence');
      await until(() => other.messages.length > 0, { what: 'the other stream to have its event' });
      expect(silent.messages).toEqual([]);
    } finally {
      silent.close();
      other.close();
    }
  }

  private async socket(
    party: Party,
    path: string,
    headers: Readonly<Record<string, string>>,
    past: number,
  ): Promise<void> {
    const socket = new WebSocket(new URL(path, this.world.url.replace('http', 'ws')), {
      headers: { ...party.headers, ...headers },
    });
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(data.toString('utf8')));
    try {
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      const what = `socket-${path.length}-for-${party.site}`;
      await until(() => received.length >= past, { what: 'the past' });
      let round = 0;
      // It follows from some moment after it was opened on, which it does not tell.
      await until(
        async () => {
          await this.both.happensAtBoth(party, `${what}-${round++}`);
          return received.some((text) => text.includes(`secret-of-${party.site}-${what}`));
        },
        { what: `an event over ${path}` },
      );
      this.both.expectNothingForeign(party, received.join('\n'));
    } finally {
      socket.terminate();
    }
  }
}
