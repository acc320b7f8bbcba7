import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signatureOf, signingKey } from './signature.js';

const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
const BODY = '{"text":"schön 漢字"}';

/** As a receiver gets it. */
function headers(secrets: readonly string[], timestamp = Math.floor(Date.now() / 1000)): Record<string, string> {
  const signature = signatureOf(secrets.map(signingKey), 'msg_1', timestamp, Buffer.from(BODY));
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}

describe('a signature', () => {
  it.each(SECRETS)('is accepted by whoever knows one of the secrets', (secret) => {
    expect(new Webhook(secret).verify(BODY, headers(SECRETS))).toEqual({ text: 'schön 漢字' });
  });

  it('is not accepted for another body, another time, or with another secret', () => {
    const [first = '', second = ''] = SECRETS;
    const receiver = new Webhook(first);
    expect(() => receiver.verify(`${BODY} `, headers([first]))).toThrow();
    expect(() => receiver.verify(BODY, { ...headers([first]), 'webhook-timestamp': '1793606513' })).toThrow();
    expect(() => receiver.verify(BODY, headers([first], 1_000_000_000))).toThrow();
    expect(() => receiver.verify(BODY, headers([second]))).toThrow();
  });
});
