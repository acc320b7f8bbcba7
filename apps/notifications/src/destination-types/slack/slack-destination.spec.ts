import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutboundGuard } from '@tidings/outbound';
import { afterEach, describe, expect, it } from 'vitest';
import type { Shipment } from '../destination-type.js';
import { slack } from './slack-type.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const EVENT = JSON.stringify({
  specversion: '1.0',
  id: '1',
  source: '/api/main',
  type: 'io.tidings.api.notification',
  time: '2026-11-02T08:01:53.204Z',
  data: { id: 'c1', message: 'It happened to <!channel>.' },
});

interface Channel {
  readonly url: string;
  readonly posts: { readonly text: string; readonly attachments: readonly { readonly color?: string }[] }[];
}

/** What answers as Slack's incoming webhooks do. */
async function channel(status = 200, headers: Record<string, string> = {}): Promise<Channel> {
  const posts: Channel['posts'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      posts.push(JSON.parse(body) as Channel['posts'][number]);
      response.writeHead(status, headers).end(status === 200 ? 'ok' : 'channel_is_archived');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret`, posts };
}

async function send(url: string, more: Partial<Shipment> = {}, guard = new OutboundGuard(['127.0.0.0/8'])) {
  const { config, secrets } = slack.readConfig({ url, type: 'incoming_webhook' });
  const destination = slack.open({ config, secrets: secrets ?? {}, signingSecrets: [], outbound: guard });
  closing.push(() => destination.close());
  const shipment: Shipment = {
    messageId: 'msg_1',
    attempt: 1,
    notificationId: 'n',
    eventText: EVENT,
    kafkaKey: null,
    attributes: {},
    rendered: undefined,
    ...more,
  };
  return destination.deliver(shipment, AbortSignal.timeout(10_000));
}

describe('a message', () => {
  it('says in the channel what happened, and mentions nobody whom an event names', async () => {
    const { url, posts } = await channel();
    const result = await send(url, { attributes: { attachment_color: '#0b5fff' } });
    expect(result).toEqual({ outcome: 'delivered', status: '200', responseHead: 'ok' });
    expect(posts[0]?.text).toContain('&lt;!channel&gt;');
    expect(posts[0]?.attachments[0]?.color).toBe('#0b5fff');
  });

  it('says what the sender of a notification said, in Markdown where there is some', async () => {
    const { url, posts } = await channel();
    const sent = {
      ...{ specversion: '1.0', id: '1', source: 'com.acme', type: 'case.t', time: '2026-11-02T08:01:53Z' },
      ...{ ibmensourceid: 'a:api', ibmendefaultshort: 'Short <!here>', ibmendefaultlong: 'Long' },
      data: { level: 'HIGH' },
    };
    await send(url, { eventText: JSON.stringify(sent) });
    const ibmenmarkdown = '**hi** <!here>\n> quoted';
    await send(url, { eventText: JSON.stringify({ ...sent, ibmenmarkdown }) });
    await send(url, { eventText: JSON.stringify({ ...sent, ibmenmarkdown: '*'.repeat(20_000) }) });
    expect(posts[0]).toMatchObject({ text: 'Short &lt;!here&gt;\nLong' });
    expect(posts[0]).not.toHaveProperty('blocks');
    expect(posts[1]).toMatchObject({
      text: '**hi** &lt;!here&gt;\n&gt; quoted',
      blocks: [{ type: 'markdown', text: '**hi** &lt;!here>\n> quoted' }],
    });
    expect(posts[2]).not.toHaveProperty('blocks');
  });

  it('is what a template made of it, where that is JSON', async () => {
    const { url, posts } = await channel();
    await send(url, { rendered: { subject: undefined, body: '{"text":"from a template"}' } });
    expect(posts).toEqual([{ text: 'from a template' }]);
    expect(await send(url, { rendered: { subject: undefined, body: 'no JSON' } })).toMatchObject({
      outcome: 'refused',
      status: 'template',
    });
    expect(posts).toHaveLength(1);
  });

  it('comes again when Slack asks for patience, and never where the channel is gone', async () => {
    const busy = await channel(429, { 'retry-after': '30' });
    expect(await send(busy.url)).toMatchObject({ outcome: 'failed', retryAfterSeconds: 30, backOff: true });
    const archived = await channel(410);
    expect(await send(archived.url)).toMatchObject({ outcome: 'gone', responseHead: 'channel_is_archived' });
  });

  it('does not go where it may not', async () => {
    const { url, posts } = await channel();
    expect(await send(url, {}, new OutboundGuard())).toMatchObject({ outcome: 'refused', status: 'blocked' });
    expect(posts).toEqual([]);
  });
});

describe('what an admin sends', () => {
  const url = 'https://hooks.slack.com/services/T0/B0/very-secret';

  it('is shown without the secret in the address, and keeps it when that comes back', () => {
    const kept = slack.readConfig({ url });
    const shown = slack.viewConfig(kept);
    expect(shown).toEqual({ type: 'incoming_webhook', url: 'https://hooks.slack.com/********' });
    expect(JSON.stringify(kept.config)).not.toContain('very-secret');
    expect(slack.readConfig(shown, kept)).toEqual(kept);
    expect(slack.readConfig({ url: 'https://elsewhere.example/x' }, kept).secrets).toEqual({
      url: 'https://elsewhere.example/x',
    });
  });

  it.each([
    [{}],
    [{ url: 'hooks.slack.com' }],
    [{ url: 'https://' }],
    [{ url, type: 'bot' }],
    [{ url, channel: '#a' }],
  ])('as config %j is refused', (params) => {
    expect(() => slack.readConfig(params)).toThrow(expect.objectContaining({ code: 'invalid_query' }) as Error);
  });

  it('as attributes is a colour and a template', () => {
    expect(() => slack.readAttributes({ attachment_color: 'blue' })).toThrow();
    expect(slack.readAttributes({ template_id_notification: '' })).toEqual({ template_id_notification: '' });
  });
});
