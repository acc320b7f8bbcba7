import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { isDomainError } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import { eventStreams } from './event-streams/event-streams-type.js';
import { MASK } from './member-reader.js';
import { smtpCustom } from './smtp-custom/smtp-type.js';

const MAIL = { domain: 'example.com', host: 'smtp.example.com', username: 'app', password: 'the-password' };
const KAFKA = { endpoint: 'kafka:9093', topic: 'out', tls: true, username: 'app', password: 'the-password' };

/** What is wrong, by field. */
function problems(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (isDomainError(error)) return Object.keys(error.details.fields ?? {});
    throw error;
  }
  return [];
}

it('the records of a mail destination have texts up to their bound', () => {
  const { value } = DELIVERY_LIMITS.recordText;
  const dkim = (length: number) => () => smtpCustom.readConfig({ ...MAIL, dkim: { public_key: 'k'.repeat(length) } });
  expect(problems(dkim(value))).toEqual([]);
  expect(problems(dkim(value + 1))).toEqual(['config.params.dkim']);
});

describe('a password', () => {
  it.each([
    [smtpCustom, MAIL, { host: 'smtp.example.org' }],
    [smtpCustom, MAIL, { port: 2525 }],
    [smtpCustom, MAIL, { tls: 'none' }],
    [smtpCustom, { ...MAIL, host: undefined }, { domain: 'example.org' }],
    [eventStreams, KAFKA, { endpoint: 'kafka.example.org:9093' }],
    [eventStreams, { ...KAFKA, sasl_mechanism: 'scram-sha-512' }, { tls: false }],
    [eventStreams, { ...KAFKA, sasl_mechanism: 'scram-sha-512' }, { sasl_mechanism: 'plain' }],
  ])('does not go along where the address changes ($name)', (type, params, change) => {
    const kept = type.readConfig(params);
    expect(problems(() => type.readConfig(change, kept))).toEqual(['config.params.password']);
    expect(problems(() => type.readConfig({ ...change, password: MASK }, kept))).toEqual(['config.params.password']);
    expect(type.readConfig({ ...change, password: 'new' }, kept).secrets).toEqual({ password: 'new' });
  });

  it.each([
    [smtpCustom, MAIL],
    [eventStreams, KAFKA],
  ])('stays where the address does', (type, params) => {
    const kept = type.readConfig(params);
    expect(type.readConfig(type.viewConfig(kept), kept)).toEqual(kept);
  });

  it('is not sent in clear to Kafka', () => {
    expect(problems(() => eventStreams.readConfig({ ...KAFKA, tls: false }))).toEqual(['config.params.sasl_mechanism']);
    const scram = { ...KAFKA, tls: false, sasl_mechanism: 'scram-sha-256' };
    expect(problems(() => eventStreams.readConfig(scram))).toEqual([]);
  });
});

describe('the kafkaTopics that Tidings lives on', () => {
  it.each(['team-lifecycle.cds.project', 'team-tidings.dead-letters', '__consumer_offsets'])(
    '%s is refused',
    (topic) => {
      const read = (): unknown => eventStreams.readConfig({ endpoint: 'kafka:9092', topic }, undefined, 'team-');
      expect(problems(read)).toEqual(['config.params.topic']);
    },
  );

  it.each(['team-out', 'lifecycle.cds.project', 'my.tidings.copy'])('%s is not one of them', (topic) => {
    const read = (): unknown => eventStreams.readConfig({ endpoint: 'kafka:9092', topic }, undefined, 'team-');
    expect(problems(read)).toEqual([]);
  });
});
