import { closes, head, type RawBehaviour, rawReceiver, resets, writes } from '../harness/raw-receiver.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const CUT = 'Content-Length: 100';
/** Every so many messages are asked to come later the first time. */
const SLOWED_DOWN = 50;
/** What has been written into that header, and says nothing or little. */
const RETRY_AFTER = ['0', '-5', 'soon', '', '1, 1', '2s', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Thu Jan  1 00:00:00 1970'];

/** What becomes of each delivery there. */
export type Fate = 'delivered' | 'refused' | 'never';

/** A receiver, and what it got. */
export class OddReceiver {
  /** Of which events, and how often. */
  readonly events = new Map<string, number>();
  requests = 0;

  private constructor(
    readonly name: string,
    readonly fate: Fate,
    readonly url: string,
    readonly close: () => void,
  ) {}

  static async open(name: string, fate: Fate, behave: RawBehaviour): Promise<OddReceiver> {
    const opened = await rawReceiver((socket, request) => {
      const { id } = JSON.parse(request.slice(request.indexOf('\r\n\r\n'))) as { id: string };
      receiver.events.set(id, (receiver.events.get(id) ?? 0) + 1);
      receiver.requests += 1;
      behave(socket, request);
    });
    const receiver = new OddReceiver(name, fate, opened.url.href, opened.close);
    return receiver;
  }
}

/** One of every kind that is not what one would like to deliver to; and one that is. */
export async function oddReceivers(): Promise<readonly OddReceiver[]> {
  const kinds: readonly (readonly [string, Fate, RawBehaviour])[] = [
    ['healthy', 'delivered', writes(OK)],
    ['1xx first', 'delivered', writes('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Hints\r\n\r\n', OK)],
    ['cuts its body', 'delivered', closes(`${head('200 OK', CUT)}ok`)],
    ['resets in its body', 'delivered', resets(`${head('200 OK', CUT)}ok`)],
    ['204 with a body', 'delivered', writes(`${head('204 No Content', 'Content-Length: 2')}ok`)],
    ['closes without saying so', 'delivered', closes(OK)],
    ['broken chunks', 'delivered', writes(`${head('200 OK', 'Transfer-Encoding: chunked')}zz\r\nok\r\n`)],
    ['long head', 'delivered', writes(head('200 OK', `X-Policy: ${'a'.repeat(60_000)}`, 'Content-Length: 0'))],
    ['dribbles', 'delivered', dribbles],
    ['429 first', 'delivered', slowsDown()],
    ['400', 'refused', writes(head('400 Bad Request', 'Content-Length: 0'))],
    ['no HTTP', 'never', closes('220 mail.example.com ESMTP\r\n')],
    ['closes at once', 'never', closes('')],
  ];
  return Promise.all(kinds.map(([name, fate, behave]) => OddReceiver.open(name, fate, behave)));
}

const dribbles: RawBehaviour = (socket) => {
  socket.write(head('200 OK', CUT));
  const timer = setInterval(() => socket.write('x'), 300);
  socket.once('close', () => clearInterval(timer));
};

/** Asks for patience now and then, in words that are hard to understand, and takes what comes again. */
function slowsDown(): RawBehaviour {
  const asked = new Set<string>();
  let requests = 0;
  return (socket, request) => {
    const [, id = ''] = /^webhook-id: *(\S+)/im.exec(request) ?? [];
    requests += 1;
    if (asked.has(id) || requests % SLOWED_DOWN !== 0) {
      socket.write(OK);
      return;
    }
    asked.add(id);
    const retryAfter = RETRY_AFTER[asked.size % RETRY_AFTER.length] ?? '';
    socket.write(head('429 Too Many Requests', `Retry-After: ${retryAfter}`, 'Content-Length: 0'));
  };
}
