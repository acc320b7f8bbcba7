import { DELIVERY_LIMITS, HTTP_LIMITS } from '@tidings/catalogue';
import { isDomainError } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import { MASK } from '../member-reader.js';
import { webhook } from './webhook-type.js';

const PARAMS = {
  url: 'https://example.com/hook',
  verb: 'post',
  custom_headers: { 'X-Key': 'secret', 'X-Team': 'blue' },
  sensitive_headers: ['x-key'],
};

/** What is wrong, by field. */
function problems(params: unknown): Readonly<Record<string, readonly string[]>> {
  try {
    webhook.readConfig(params);
  } catch (error) {
    if (isDomainError(error)) return error.details.fields ?? {};
    throw error;
  }
  throw new Error('It was accepted');
}

describe("a webhook's configuration", () => {
  it('keeps values of sensitive headers apart, and shows none of them', () => {
    const kept = webhook.readConfig(PARAMS);
    expect(JSON.stringify(kept.config)).not.toContain('secret');
    expect(kept.secrets).toEqual({ custom_headers: { 'X-Key': 'secret' } });
    expect(webhook.viewConfig(kept)).toEqual({
      ...PARAMS,
      custom_headers: { 'X-Key': MASK, 'X-Team': 'blue' },
    });
  });

  it('comes back in the letters that it was given in', () => {
    const params = { ...PARAMS, verb: 'POST', sensitive_headers: ['x-KEY', 'x-KEY'] };
    const kept = webhook.readConfig(params);
    expect(webhook.viewConfig(kept)).toMatchObject({ verb: 'POST', sensitive_headers: ['x-KEY', 'x-KEY'] });
    expect(webhook.readConfig(webhook.viewConfig(kept), kept)).toEqual(kept);
  });

  it('keeps what a change leaves out or brings back masked', () => {
    const kept = webhook.readConfig(PARAMS);
    expect(webhook.readConfig({ verb: 'put' }, kept)).toEqual({ ...kept, config: { ...kept.config, verb: 'put' } });
    expect(webhook.readConfig(webhook.viewConfig(kept), kept)).toEqual(kept);
    expect(problems(webhook.viewConfig(kept))).toHaveProperty(['config.params.custom_headers.X-Key']);
  });

  it.each([
    ['url', { ...PARAMS, url: 'ftp://example.com' }],
    ['url', { ...PARAMS, url: 'https://user:password@example.com' }],
    ['url', { ...PARAMS, url: 7 }],
    ['verb', { ...PARAMS, verb: 'delete' }],
    ['vreb', { ...PARAMS, vreb: 'get' }],
    ['custom_headers.Host', { ...PARAMS, custom_headers: { Host: 'x' } }],
    ['custom_headers.Webhook-Id', { ...PARAMS, custom_headers: { 'Webhook-Id': 'x' } }],
    ['custom_headers.x', { ...PARAMS, custom_headers: { x: 'a\r\nb: c' } }],
    ['custom_headers.a b', { ...PARAMS, custom_headers: { 'a b': 'c' } }],
    ['sensitive_headers', { ...PARAMS, sensitive_headers: ['X-Other'] }],
  ])('says what is wrong with %s', (field, params) => {
    expect(Object.keys(problems(params))).toContain(`config.params.${field}`);
  });
});

describe('the bounds of a configuration', () => {
  it('are reached by the value of a header, and not passed', () => {
    const { value } = DELIVERY_LIMITS.headerValue;
    const withValue = (length: number) => ({ ...PARAMS, custom_headers: { 'X-Key': 'x'.repeat(length) } });
    expect(webhook.readConfig(withValue(value))).toHaveProperty('secrets');
    expect(Object.keys(problems(withValue(value + 1)))).toEqual(['config.params.custom_headers.X-Key']);
  });

  it('are reached by what is said of its problems, and not passed', () => {
    const { value } = HTTP_LIMITS.problems;
    const unknown = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`unknown${n}`, 1]));
    for (const count of [value - 1, value, value + 1]) {
      expect(Object.keys(problems({ ...PARAMS, ...unknown(count) }))).toHaveLength(Math.min(count, value));
    }
  });
});

describe("a subscription's attributes", () => {
  it('come back with what is sent: the event, or what a template makes of it', () => {
    const plain = webhook.readAttributes({ signing_enabled: true });
    expect(webhook.viewAttributes(plain)).toEqual({ signing_enabled: true, add_notification_payload: true });
    const template = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';
    const templated = webhook.readAttributes({ template_id_notification: template }, plain);
    expect(webhook.viewAttributes(templated)).toEqual({
      signing_enabled: true,
      template_id_notification: template,
      add_notification_payload: false,
    });
    const untemplated = webhook.readAttributes({ template_id_notification: '' }, templated);
    expect(webhook.viewAttributes(untemplated)).toEqual({
      signing_enabled: true,
      template_id_notification: '',
      add_notification_payload: true,
    });
    const given = { signing_enabled: false, add_notification_payload: false };
    expect(webhook.viewAttributes(webhook.readAttributes(given))).toEqual(given);
  });
});

describe('secrets', () => {
  const kept = webhook.readConfig({ ...PARAMS, url: 'https://example.com/hook?team=blue&api_key=hidden' });

  it.each(['http://example.com/hook', 'https://example.org/hook', 'https://example.com:8443/hook'])(
    'do not go along to %s',
    (url) => {
      const moved = webhook.readConfig({ url }, kept);
      expect(moved.secrets).toBeUndefined();
      expect(moved.config).toMatchObject({ custom_headers: { 'X-Team': 'blue' }, sensitive_headers: [] });
      const problem = (): unknown => webhook.readConfig({ url, custom_headers: { 'X-Key': MASK } }, kept);
      expect(problem).toThrow();
    },
  );

  it('go along where they are sent again, and stay at another path', () => {
    const again = { url: 'https://example.org/', custom_headers: { 'X-Key': 'new' }, sensitive_headers: ['X-Key'] };
    expect(webhook.readConfig(again, kept).secrets).toEqual({ custom_headers: { 'X-Key': 'new' } });
    expect(webhook.readConfig({ url: 'https://example.com/other' }, kept).secrets).toEqual(kept.secrets);
  });

  it('cannot be opened without being known', () => {
    expect(() => webhook.readConfig({ sensitive_headers: [] }, kept)).toThrow();
    const known = webhook.readConfig({ custom_headers: { 'X-Key': 'other' }, sensitive_headers: [] }, kept);
    expect(known.secrets).toBeUndefined();
  });

  it('in the query of the address are not shown, and stay where they come back so', () => {
    const shown = webhook.viewConfig(kept);
    expect(shown['url']).toBe(`https://example.com/hook?team=blue&api_key=${MASK}`);
    expect(webhook.readConfig(shown, kept)).toEqual(kept);
    expect(() => webhook.readConfig({ url: `https://example.org/?api_key=${MASK}` }, kept)).toThrow();
  });
});
