import { randomBytes } from 'node:crypto';
import { parseEnvironment, VARIABLES } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import { composeText, environmentOf, readCompose, schemaFaults } from './compose-file.js';

const GIVEN = {
  TIDINGS_ADMIN_TOKEN: 'a'.repeat(32),
  POSTGRES_PASSWORD: 'secret',
  POSTGRES_APP_PASSWORD: 'another',
  TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
};

describe('deploy/compose.yaml', () => {
  const { services } = readCompose();
  const apps = Object.entries(services).filter(([, { build }]) => build !== undefined);

  it('is what the published schema of compose files describes', () => {
    expect(schemaFaults(readCompose())).toEqual([]);
  });

  it('would not be, with a slip in it', () => {
    const slipped = composeText().replace('healthcheck:', 'healtcheck:');
    expect(schemaFaults(readCompose(slipped))).not.toEqual([]);
  });

  it('runs every app of production in a process of its own', () => {
    expect(apps.map(([name]) => name)).toEqual([
      'gateway',
      'events-ingest',
      'events-api',
      'notifications-match',
      'notifications-deliver',
      'notifications-api',
      'resource-controller',
    ]);
  });

  it.each(apps)('sets for %s only variables that the environment parser knows', (_, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !Object.hasOwn(VARIABLES, name))).toEqual([]);
  });

  it.each(apps)('sets for %s only values that the environment parser takes', (_, service) => {
    const parsed = parseEnvironment(environmentOf(service, GIVEN));
    expect(parsed.warnings).toEqual([]);
    expect(parsed.kafka.brokers).toEqual(['kafka:9092']);
    expect(parsed.adminToken).toBe(GIVEN.TIDINGS_ADMIN_TOKEN);
  });

  it.each(Object.keys(GIVEN))('does not start without %s', (name) => {
    const given = { ...GIVEN, [name]: '' };
    expect(() => Object.values(services).map((service) => environmentOf(service, given))).toThrow(name);
  });

  it('gives the owner of the audit log to one app alone, which the others wait for', () => {
    const owners = apps.filter(([, { environment = {} }]) => environment['DATABASE_OWNER_URL'] !== undefined);
    expect(owners.map(([name]) => name)).toEqual(['events-ingest']);
    for (const [name, service] of apps) {
      const { database } = parseEnvironment(environmentOf(service, GIVEN));
      expect(database.url).toBe('postgres://tidings_app:another@postgres:5432/tidings');
      if (name !== 'events-ingest') expect(service.depends_on).toHaveProperty('events-ingest');
    }
  });

  it('holds no secret of its own', () => {
    const settings = Object.values(services).flatMap(({ environment = {} }) => Object.entries(environment));
    const secrets = settings.filter(([name]) => /PASSWORD|TOKEN|SECRET|DATABASE_(OWNER_)?URL$/.test(name));
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    expect(secrets.filter(([, value]) => !/\$\{\w+:\?/.test(value))).toEqual([]);
  });

  it('gives every service a health check, and waits for what a service needs until it is healthy', () => {
    for (const { healthcheck, depends_on: needs = {} } of Object.values(services)) {
      expect(healthcheck).toBeDefined();
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(services[needed]?.healthcheck).toBeDefined();
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('takes the official images of Kafka and PostgreSQL, by version', () => {
    expect(services['kafka']?.image).toBe('apache/kafka:4.1.1');
    expect(services['postgres']?.image).toMatch(/^postgres:18(\.\d+)?$/);
  });
});
