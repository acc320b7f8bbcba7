import { resolve } from 'node:path';
import { parseEnvironment } from '@tidings/runtime';
import { expect, it } from 'vitest';
import { banner } from './banner.js';

const complete = { KAFKA_BROKERS: 'kafka:9092', DATABASE_URL: 'postgres://user:secret@db:5432/x' };

function bannerOf(given: Readonly<Record<string, string>>): string {
  const sasl = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'tidings', KAFKA_SASL_PASSWORD: 'secret' };
  const environment = parseEnvironment({
    ...complete,
    ...sasl,
    TIDINGS_ADMIN_TOKEN: 'a-random-admin-token-of-the-start-itself',
    ...given,
  });
  return banner({
    url: 'http://127.0.0.1:4100',
    lxd: { socket: resolve('.tidings/unix.socket'), tls: undefined },
    given: parseEnvironment(given),
    environment,
    adminTokenFile: 'data/admin-token',
  });
}

it('says where everything is, how to get in, and what to try', () => {
  const text = bannerOf({});
  expect(text).toContain('http://127.0.0.1:4100');
  expect(text).toMatch(/Kafka +kafka:9092 \(embedded\)/);
  expect(text).toMatch(/^ +login as the user tidings; the password is in \.tidings\/kafka\.env/m);
  expect(text).toMatch(/PostgreSQL +db:5432 \(embedded\)/);
  expect(text).toMatch(/Admin token +a-random-admin-token-of-the-start-itself \(kept in data\/admin-token\)/);
  expect(text).toContain('LXD_DIR=.tidings lxc monitor\n');
  expect(text.match(/^ +curl .*Bearer a-random-admin-token-of-the-start-itself/gm)).toHaveLength(4);
});

it('prints no secret that it was given', () => {
  const text = bannerOf({ ...complete, TIDINGS_ADMIN_TOKEN: 'a-token-of-the-operator-long-enough' });
  expect(text).not.toMatch(/secret|a-token-of-the-operator|embedded/);
  expect(text).toContain('Bearer $TIDINGS_ADMIN_TOKEN');
});
