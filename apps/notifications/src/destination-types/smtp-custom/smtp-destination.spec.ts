import type { AddressInfo } from 'node:net';
import { OutboundGuard } from '@tidings/outbound';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { Shipment } from '../destination-type.js';
import { smtpCustom } from './smtp-type.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const EVENT = JSON.stringify({
  specversion: '1.0',
  id: '1',
  source: '/api/main',
  type: 'io.tidings.api.notification',
  time: '2026-11-02T08:01:53.204Z',
  subject: 'c1',
  data: { id: 'c1', message: 'It happened to <c1>.' },
});

interface Received {
  readonly mail: Email;
  readonly recipients: readonly string[];
  readonly user: string | undefined;
}

/** A real mail server on this machine. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          received.push({ mail, recipients, user: session.user });
          done();
        });
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received };
}

function open(params: object, guard = new OutboundGuard(['127.0.0.0/8'])) {
  const { config, secrets } = smtpCustom.readConfig({ domain: 'notify.example.com', ...params });
  const destination = smtpCustom.open({ config, secrets: secrets ?? {}, signingSecrets: [], outbound: guard });
  closing.push(() => destination.close());
  return destination;
}

function shipment(attributes: object, rendered?: Shipment['rendered']): Shipment {
  return {
    messageId: 'msg_1',
    attempt: 1,
    notificationId: 'n',
    eventText: EVENT,
    kafkaKey: 'c1',
    attributes: smtpCustom.readAttributes({ invited: ['ann@example.com', 'bob@example.com'], ...attributes }),
    rendered,
  };
}

const deadline = (): AbortSignal => AbortSignal.timeout(10_000);
const here = { host: '127.0.0.1', tls: 'none' };

describe('a mail', () => {
  it('reaches everybody who is subscribed, says what happened in HTML and in text, and shows nobody the others', async () => {
    const { port, received } = await mailServer();
    const result = await open({ ...here, port }).deliver(
      shipment({ from_name: 'On call', reply_to_mail: 'help@example.com' }),
      deadline(),
    );
    expect(result).toMatchObject({ outcome: 'delivered', status: '250' });
    const [{ mail, recipients } = { mail: undefined, recipients: [] }] = received;
    expect(recipients).toEqual(['ann@example.com', 'bob@example.com']);
    expect(mail?.to ?? []).toEqual([]);
    expect(mail?.from).toMatchObject({ name: 'On call', address: 'notifications@notify.example.com' });
    expect(mail?.replyTo?.[0]).toMatchObject({ address: 'help@example.com' });
    expect(mail?.messageId).toBe('<msg_1@notify.example.com>');
    expect(mail?.subject).toBe('It happened to <c1>.');
    expect(mail?.text).toContain('It happened to <c1>.');
    expect(mail?.html).toContain('It happened to &lt;c1&gt;.');
  });

  it('is what a template made of it', async () => {
    const { port, received } = await mailServer();
    const rendered = { subject: 'Started\r\nBcc: eve@example.com', body: '<h1>c1</h1><p>is up &amp; well</p>' };
    await open({ ...here, port }).deliver(shipment({}, rendered), deadline());
    expect(received[0]?.mail.subject).toBe('Started Bcc: eve@example.com');
    expect(received[0]?.recipients).not.toContain('eve@example.com');
    expect(received[0]?.mail.html).toContain('<h1>c1</h1>');
    expect(received[0]?.mail.text?.toLowerCase()).toContain('is up & well');
  });

  it('is handed over with the user and the password', async () => {
    const { port, received } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: String(username) }) : done(new Error('Invalid username or password')),
    });
    const good = open({ ...here, port, username: 'app', password: 'right' });
    expect(await good.deliver(shipment({}), deadline())).toMatchObject({ outcome: 'delivered' });
    expect(received[0]?.user).toBe('app');
    const bad = open({ ...here, port, username: 'app', password: 'wrong-password' });
    const result = await bad.deliver(shipment({}), deadline());
    expect(result).toMatchObject({ outcome: 'refused', status: '535' });
    expect(JSON.stringify(result)).not.toContain('wrong-password');
  });

  it.each([
    [550, 'refused'],
    [451, 'failed'],
  ])('that the server answers with %i is %s', async (responseCode, outcome) => {
    const { port } = await mailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such user'), { responseCode })),
    });
    expect(await open({ ...here, port }).deliver(shipment({}), deadline())).toMatchObject({
      outcome,
      status: String(responseCode),
      responseHead: expect.stringContaining('no such user') as string,
    });
  });

  it('counts as delivered where some of the recipients took it', async () => {
    const { port } = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('bob') ? done(Object.assign(new Error('unknown'), { responseCode: 550 })) : done(),
    });
    expect(await open({ ...here, port }).deliver(shipment({}), deadline())).toMatchObject({
      outcome: 'delivered',
      problem: 'The server refused 1 of the recipients.',
    });
  });

  it('does not travel in clear unless that was asked for', async () => {
    const { port, received } = await mailServer({ disabledCommands: ['STARTTLS'] });
    const result = await open({ host: '127.0.0.1', port }).deliver(shipment({}), deadline());
    expect(result).toMatchObject({ outcome: 'refused', status: expect.stringMatching(/^50[02]$/) as string });
    expect(received).toEqual([]);
  });

  it('is not handed to a server where it may not go', async () => {
    const { port, received } = await mailServer();
    for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
      const result = await open({ ...here, host, port }, new OutboundGuard()).deliver(shipment({}), deadline());
      expect(result).toMatchObject({ outcome: 'refused', status: 'blocked' });
    }
    expect(received).toEqual([]);
  });

  it('is given up at the deadline', async () => {
    const { port } = await mailServer({ onConnect: () => undefined });
    const result = await open({ ...here, port }).deliver(shipment({}), AbortSignal.timeout(300));
    expect(result).toMatchObject({ outcome: 'failed', status: 'timeout', backOff: true });
  });
});

describe('what an admin sends', () => {
  it('is read, and shown without the password', () => {
    const kept = smtpCustom.readConfig({ domain: 'Notify.Example.com', username: 'u', password: 'p' });
    expect(smtpCustom.viewConfig(kept)).toEqual({ domain: 'Notify.Example.com', username: 'u', password: '********' });
    const changed = smtpCustom.readConfig({ password: '********', username: 'v' }, kept);
    expect(changed).toMatchObject({ config: { username: 'v' }, secrets: { password: 'p' } });
  });

  it.each([
    [{}, 'config.params.domain'],
    [{ domain: 'nowhere' }, 'config.params.domain'],
    [{ domain: 'a.example', port: 0 }, 'config.params.port'],
    [{ domain: 'a.example', tls: 'yes' }, 'config.params.tls'],
    [{ domain: 'a.example', username: 'u' }, 'config.params.password'],
    [{ domain: 'a.example', hots: 'h' }, 'config.params.hots'],
  ])('as config %j is refused by its field', (params, field) => {
    expect(() => smtpCustom.readConfig(params)).toThrow(
      expect.objectContaining({ details: { fields: { [field]: expect.anything() as unknown } } }) as Error,
    );
  });

  it('changes recipients by adding and removing, as clients of IBM do', () => {
    const first = smtpCustom.readAttributes({ invited: ['a@example.com', 'b@example.com'], from_name: 'X' });
    const changed = smtpCustom.readAttributes(
      { invited: { add: ['c@example.com'] }, subscribed: { remove: ['a@example.com'] } },
      first,
    );
    expect(smtpCustom.viewAttributes(changed)).toMatchObject({
      from_name: 'X',
      subscribed: [{ email: 'b@example.com' }, { email: 'c@example.com' }],
    });
  });

  it.each([
    [{}, 'attributes.invited'],
    [{ invited: ['no address'] }, 'attributes.invited'],
    [{ invited: ['a@example.com'], reply_to_mail: 'x' }, 'attributes.reply_to_mail'],
    [{ invited: ['a@example.com'], from_name: 'two\nlines' }, 'attributes.from_name'],
  ])('as attributes %j is refused by its field', (attributes, field) => {
    expect(() => smtpCustom.readAttributes(attributes)).toThrow(
      expect.objectContaining({ details: { fields: { [field]: expect.anything() as unknown } } }) as Error,
    );
  });
});
