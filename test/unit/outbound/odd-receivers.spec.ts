import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { type OutboundAnswer, OutboundClient, OutboundGuard } from '@tidings/outbound';
import { afterEach, describe, expect, it } from 'vitest';
import { closes, head, type RawBehaviour, rawReceiver, resets, writes } from '../../harness/raw-receiver.js';

const HERE = new OutboundGuard(['127.0.0.0/8']);
const BODY = Buffer.from('{"t":"😊 é"}');
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Until a connection may be used again, however busy the machine is. */
async function rested(): Promise<void> {
  await delay(20);
  for (let turns = 0; turns < 3; turns += 1) await turn();
}

/** @returns its URL, and what it was sent */
async function receiver(
  behave: RawBehaviour,
  greet?: (socket: Socket) => void,
): Promise<{ url: URL; requests: string[] }> {
  const requests: string[] = [];
  const opened = await rawReceiver((socket, request) => {
    requests.push(request);
    behave(socket, request);
  }, greet);
  closing.push(() => opened.close());
  return { url: opened.url, requests };
}

function client(bodyMs = 100): OutboundClient {
  const opened = new OutboundClient(HERE, { bodyMs });
  closing.push(() => opened.close());
  return opened;
}

function post(from: OutboundClient, url: URL, signal = AbortSignal.timeout(10_000)): Promise<OutboundAnswer> {
  return from.request({ method: 'POST', url, headers: {}, body: BODY, signal });
}

describe('the status of the final answer decides', () => {
  it.each<[string, RawBehaviour, number]>([
    ['an unasked 100', writes(`HTTP/1.1 100 Continue\r\n\r\n${OK}`), 200],
    ['an unasked 100 in a packet of its own', writes('HTTP/1.1 100 Continue\r\n\r\n', OK), 200],
    [
      'three interim answers, cut anywhere',
      writes('HTTP/1.1 10', '0\r\n\r', '\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nLink: </x>\r\n\r\nHT', OK.slice(2)),
      200,
    ],
    ['a hundred interim answers', writes('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100) + OK), 200],
    [
      'an interim answer without a reason, of HTTP/1.0, with a length',
      writes(`HTTP/1.0 100\r\nContent-Length: 5\r\n\r\n${OK}`),
      200,
    ],
    ['an interim answer that says chunked', writes(`HTTP/1.1 199 x\r\nTransfer-Encoding: chunked\r\n\r\n${OK}`), 200],
    [
      'an interim answer before a refusal',
      writes(`HTTP/1.1 100 Continue\r\n\r\n${head('400 Bad', 'Content-Length: 0')}`),
      400,
    ],
    ['a full answer and a close', closes(OK), 200],
    ['a length of 100, two bytes and a close', closes(`${head('200 OK', 'Content-Length: 100')}ok`), 200],
    ['a length of 100, two bytes and a reset', resets(`${head('200 OK', 'Content-Length: 100')}ok`), 200],
    ['chunks without the last one', closes(`${head('200 OK', 'Transfer-Encoding: chunked')}2\r\nok\r\n`), 200],
    [
      'a chunk shorter than it says',
      closes(`${head('200 OK', 'Transfer-Encoding: chunked')}9\r\nok\r\n0\r\n\r\n`),
      200,
    ],
    ['a chunk whose size is no number', writes(`${head('200 OK', 'Transfer-Encoding: chunked')}zz\r\nok\r\n`), 200],
    ['a 410 that is cut', closes(`${head('410 Gone', 'Content-Length: 9')}x`), 410],
    ['a 400 that is cut', resets(`${head('400 Bad', 'Transfer-Encoding: chunked')}5\r\nx`), 400],
    ['a 204 with a length and a body', writes(`${head('204 No Content', 'Content-Length: 2')}ok`), 204],
    ['a 204 with a length and no body', writes(head('204 No Content', 'Content-Length: 2')), 204],
    ['a 204 that says chunked', writes(head('204 No Content', 'Transfer-Encoding: chunked')), 204],
    ['a 304 with a length', writes(head('304 Not Modified', 'Content-Length: 7')), 304],
    ['a 205 with a body', writes(`${head('205 Reset', 'Content-Length: 2')}ok`), 205],
    ['a body that never comes', writes(head('200 OK', 'Content-Length: 2')), 200],
    ['a body without an end', writes(head('200 OK'), 'o', 'k'), 200],
    ['two lengths', writes(`${head('200 OK', 'Content-Length: 2', 'Content-Length: 3')}ok`), 200],
    ['a length that is no number', writes(`${head('200 OK', 'Content-Length: two')}ok`), 200],
    [
      'a length beside chunks',
      writes(`${head('200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`),
      200,
    ],
    ['bytes behind the body', writes(`${OK}and more`), 200],
    ['no reason', writes(head('200', 'Content-Length: 0')), 200],
    ['another version', writes('HTTP/2.0 202 Accepted\r\nContent-Length: 0\r\n\r\n'), 202],
    ['an empty line in front', writes(`\r\n${OK}`), 200],
    [
      'a folded header, one without a colon and one with a blank before it',
      writes(head('201 Made', 'X-A: a', '  b', 'nothing', 'X-B : c', 'Content-Length: 0')),
      201,
    ],
    ['Latin-1 in a header', writes(head('200 OK', 'X-A: \u00e9', 'Content-Length: 0')), 200],
    [
      'a head of 200 kB in one header',
      writes(head('200 OK', `X-Policy: ${'a'.repeat(200_000)}`, 'Content-Length: 0')),
      200,
    ],
    [
      'a head of 3,000 headers',
      writes(head('200 OK', ...Array.from({ length: 3_000 }, (_, n) => `X-${n}: ${n}`), 'Content-Length: 0')),
      200,
    ],
  ])('%s', async (_what, behave, status) => {
    const { url, requests } = await receiver(behave);
    const own = client();
    expect((await post(own, url)).status).toBe(status);
    expect(requests).toHaveLength(1);
    // Whatever came, the next one is in step.
    expect((await post(own, url)).status).toBe(status);
    expect(requests).toHaveLength(2);
  });

  it('with what was asked for, however the body ends', async () => {
    const { url } = await receiver(
      closes(head('429 Slow down', 'Retry-After: 30', 'Retry-After: 60', 'Content-Length: 9')),
    );
    const { status, headers, isCut } = await post(client(), url);
    expect({ status, after: headers['retry-after'], isCut }).toEqual({ status: 429, after: ['30', '60'], isCut: true });
  });
});

describe('what is no answer is named', () => {
  it.each<[string, RawBehaviour, string]>([
    ['an SSH server', writes('SSH-2.0-Open\r\n'), 'begins with "SSH-2.0-Open"'],
    ['a mail server', writes('220 mail.example.com ESMTP\r\n'), 'begins with "220 mail.example.com ESMTP"'],
    ['a TLS alert', closes('\u0015\u0003\u0001\u0000\u0002\u0002\u0016'), 'has to begin with https://'],
    ['one byte', closes('x'), 'begins with "x"'],
    ['HTTP/2', writes('\u0000\u0000\u0012\u0004\u0000'), String.raw`begins with "\x00\x00\x12\x04\x00"`],
    ['a page without a head', writes('<html>'), 'begins with "<html>"'],
    ['a status that is no number', writes('HTTP/1.1 abc OK\r\n\r\n'), 'begins with "HTTP/1.1 abc OK"'],
    ['line feeds alone', writes('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'), 'line feeds alone'],
    [
      'a control character',
      writes('HTTP/1.1 200 OK\r\nX-Msg: a\u0001b\r\n\r\n'),
      'control character (0x01) in the header X-Msg',
    ],
    ['a NUL in a name', writes('HTTP/1.1 200 OK\r\nX\u0000: b\r\n\r\n'), 'control character (0x00)'],
    ['101', writes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'), '101 Switching Protocols'],
    ['a close', closes(''), 'without an answer'],
    ['a close behind 100', closes('HTTP/1.1 100 Continue\r\n\r\n'), 'without a final one'],
    ['a close within the head', closes('HTTP/1.1 200 OK\r\nX-A'), 'in the middle of the head'],
    [
      'a head that is too long',
      writes(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(DELIVERY_LIMITS.answerHeadBytes.value)}`),
      'longer than',
    ],
    ['endless interim answers', writes(`HTTP/1.1 102 ${'a'.repeat(1_000)}\r\n\r\n`.repeat(300)), 'interim answers'],
  ])('%s', async (_what, behave, problem) => {
    const { url, requests } = await receiver(behave);
    await expect(post(client(), url)).rejects.toMatchObject({ name: 'UnreadableAnswer' });
    await expect(post(client(), url)).rejects.toThrow(problem);
    expect(requests).toHaveLength(2);
  });

  it('and a greeting before the request is read', async () => {
    const { url } = await receiver(
      () => undefined,
      (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
    );
    await expect(post(client(), url)).rejects.toThrow('begins with "SSH-2.0-OpenSSH_9.6"');
  });
});

describe('the bounds of a head', () => {
  const withHeadOf = (bytes: number): string => {
    const rest = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: \r\n\r\n';
    return rest.replace('X-A: ', `X-A: ${'a'.repeat(bytes - rest.length)}`);
  };
  it('are reached, and not passed', async () => {
    const within = await receiver(writes(withHeadOf(DELIVERY_LIMITS.answerHeadBytes.value)));
    expect((await post(client(), within.url)).status).toBe(200);
    const beyond = await receiver(writes(withHeadOf(DELIVERY_LIMITS.answerHeadBytes.value + 5)));
    await expect(post(client(), beyond.url)).rejects.toThrow('longer than');
  });
});

describe('the bounds of a body', () => {
  it('are reached by its bytes, and what is beyond is cut off', async () => {
    const { value } = DELIVERY_LIMITS.answerBodyBytes;
    const own = new OutboundClient(HERE);
    closing.push(() => own.close());
    for (const bytes of [value - 1, value, value + 1]) {
      const { url } = await receiver(writes(head('200 OK', `Content-Length: ${bytes}`) + 'x'.repeat(bytes)));
      const { status, body, isCut } = await post(own, url);
      expect({ status, length: body.length, isCut }).toEqual({
        status: 200,
        length: Math.min(bytes, value),
        isCut: bytes > value,
      });
    }
  });

  it('are reached by its time, and what comes later is cut off', async () => {
    const own = new OutboundClient(HERE);
    closing.push(() => own.close());
    const { url } = await receiver(writes(`${head('200 OK', 'Content-Length: 3')}ok`));
    const began = performance.now();
    const { status, body, isCut } = await post(own, url);
    expect({ status, body: body.toString(), isCut }).toEqual({ status: 200, body: 'ok', isCut: true });
    // Timers count whole milliseconds.
    expect(performance.now() - began).toBeGreaterThan(DELIVERY_LIMITS.answerBodyTime.value - 10);
  });
});

describe('a connection', () => {
  it('is used again, one exchange after the other', async () => {
    let connections = 0;
    const { url } = await receiver(writes(OK), () => void (connections += 1));
    const own = client();
    for (let n = 0; n < 5; n += 1) {
      await post(own, url);
      await rested();
    }
    expect(connections).toBe(1);
  });

  it('that closes right behind each answer, unsaid, costs no request', async () => {
    const { url, requests } = await receiver(closes(OK));
    const own = client();
    for (let n = 0; n < 60; n += 1) expect((await post(own, url)).status).toBe(200);
    expect(requests).toHaveLength(60);
  });

  it('that was kept and turns out to be closed is replaced at once', async () => {
    let asked = 0;
    const { url } = await receiver((socket) => {
      asked += 1;
      if (asked === 2) socket.destroy();
      else socket.write(OK);
    });
    const own = client();
    await post(own, url);
    await rested();
    expect((await post(own, url)).status).toBe(200);
    expect(asked).toBe(3);
  });

  it('that breaks in the middle of a head says so, and the request is not sent again', async () => {
    let asked = 0;
    const { url } = await receiver((socket) => {
      asked += 1;
      if (asked === 1) socket.write(OK);
      else socket.write('HTTP/1.1 20', () => socket.resetAndDestroy());
    });
    const own = client();
    await post(own, url);
    await rested();
    await expect(post(own, url)).rejects.toMatchObject({ code: expect.stringContaining('ERR_') as string });
    expect(asked).toBe(2);
  });

  it('is not opened for a request whose header would be another line', async () => {
    const { url, requests } = await receiver(writes(OK));
    for (const value of ['a\nx-b: c', 'a\u010ax-b: c']) {
      const sent = client().request({
        method: 'POST',
        url,
        headers: { 'x-a': value },
        signal: AbortSignal.timeout(9_000),
      });
      await expect(sent).rejects.toThrow('x-a');
    }
    expect(requests).toEqual([]);
  });
});

it('an answer whose head does not come in time has failed', async () => {
  const { url } = await receiver(writes('HTTP/1.1 100 Continue\r\n\r\n'));
  await expect(post(client(), url, AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' });
});
