import { OutboundClient, OutboundGuard } from '@tidings/outbound';

/**
 * POSTs of the same bytes and nothing else, as a process of its own: the limit of what delivers.
 * Arguments: the address, how many, how many at once, how many bytes.
 */
const [url = '', count = '0', atOnce = '1', bytes = '0'] = process.argv.slice(2);
const client = new OutboundClient(new OutboundGuard(['127.0.0.0/8']));
const body = Buffer.alloc(Number(bytes), '{"a":1}');
let left = Number(count);

async function post(): Promise<void> {
  while (left-- > 0) {
    const headers = { 'content-type': 'application/json', 'webhook-id': `bare-${left}` };
    await client.request({ method: 'POST', url: new URL(url), headers, body, signal: AbortSignal.timeout(15_000) });
  }
}

const begin = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, post));
process.stdout.write(String((Number(count) / (performance.now() - begin)) * 1000));
await client.close();
