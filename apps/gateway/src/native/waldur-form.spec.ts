import { describe, expect, it } from 'vitest';
import { jsonOfForm } from './waldur-form.js';

const context = '{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9","big":12345678901234567890,"name":"Mägi & co"}';

describe('jsonOfForm', () => {
  it('makes of a form what the JSON hook would have sent', () => {
    const form = new URLSearchParams({ created: '2026-11-02T08:01:53.204968Z', message: 'a=b & c', context });
    form.set('event_type', 'customer_creation_succeeded');
    expect(jsonOfForm(Buffer.from(form.toString())).toString()).toBe(
      `{"created":"2026-11-02T08:01:53.204968Z","message":"a=b & c","context":${context},"event_type":"customer_creation_succeeded"}`,
    );
  });

  it.each([
    ['context=nope', '{"context":"nope"}'],
    ['context=[1]', '{"context":"[1]"}'],
    ['context=user_uuid&context=user_name', '{"context":["user_uuid","user_name"]}'],
    ['__proto__=x', '{"__proto__":"x"}'],
  ])('leaves %s for the catalogue to judge', (form, json) => {
    expect(jsonOfForm(Buffer.from(form)).toString()).toBe(json);
  });

  it('leaves what is no form as it came, and does not count through what nobody sends', () => {
    const fields = (count: number) => Buffer.from(Array.from({ length: count }, (_, at) => `f${at}=1`).join('&'));
    for (const body of [Buffer.from([0x61, 0x3d, 0xff]), fields(1_001)]) expect(jsonOfForm(body)).toBe(body);
    expect(Object.keys(JSON.parse(jsonOfForm(fields(1_000)).toString()) as object)).toHaveLength(1_000);
  });
});
