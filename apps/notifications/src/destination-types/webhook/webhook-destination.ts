import { HOPS_HEADER } from '@tidings/catalogue';
import { OutboundClient } from '@tidings/outbound';
import type { AttemptResult, DestinationOpening, OpenDestination, Shipment } from '../destination-type.js';
import { resultOfAnswer } from '../http-result.js';
import { nextHop } from '../next-hop.js';
import { networkProblem } from '../network-problem.js';
import { signatureOf, signingKey } from './signature.js';
import { joinedConfig, verbOf } from './webhook-config.js';

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH' } as const;
const NOTHING = Buffer.alloc(0);

/** A receiver of HTTP requests, with its connections. */
export class WebhookDestination implements OpenDestination {
  private readonly client: OutboundClient;
  private readonly url: URL;
  private readonly method: (typeof METHODS)[keyof typeof METHODS];
  private readonly headers: Readonly<Record<string, string>>;
  private readonly keys: readonly Buffer[];

  constructor({ config, secrets, signingSecrets, outbound }: DestinationOpening) {
    const { url, verb, headers } = joinedConfig({ config, secrets });
    this.client = new OutboundClient(outbound);
    this.url = new URL(url);
    this.method = METHODS[verbOf(verb) ?? 'post'];
    const custom = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    this.headers = {
      'user-agent': 'Tidings',
      ...(this.method !== 'GET' && { 'content-type': 'application/json; charset=utf-8' }),
      ...custom,
    };
    this.keys = signingSecrets.map(signingKey);
  }

  async deliver(shipment: Shipment, signal: AbortSignal): Promise<AttemptResult> {
    const isSigned = shipment.attributes['signing_enabled'] === true;
    if (isSigned && this.keys.length === 0) {
      const problem = 'The subscription wants signatures, but the destination has no signing secret.';
      return { outcome: 'failed', status: 'unsigned', problem };
    }
    // GET has no body: it says no more than that there is something, and its signature is over nothing.
    const body = this.method === 'GET' ? NOTHING : bodyOf(shipment);
    const timestamp = Math.floor(Date.now() / 1000);
    const headers: Record<string, string> = {
      ...this.headers,
      'webhook-id': shipment.messageId,
      'webhook-timestamp': String(timestamp),
      [HOPS_HEADER]: String(nextHop(shipment.eventText)),
    };
    if (isSigned) headers['webhook-signature'] = signatureOf(this.keys, shipment.messageId, timestamp, body);
    try {
      const answer = await this.client.request({
        method: this.method,
        url: this.url,
        headers,
        ...(this.method !== 'GET' && { body }),
        signal,
      });
      return resultOfAnswer(answer);
    } catch (error) {
      return networkProblem(error, signal);
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** Exactly what is sent, and what is signed. */
function bodyOf({ eventText, notificationId, rendered }: Shipment): Buffer {
  if (rendered !== undefined) return Buffer.from(rendered.body);
  return Buffer.from(`${eventText.slice(0, eventText.lastIndexOf('}'))},"notification_id":"${notificationId}"}`);
}
