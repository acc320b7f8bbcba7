import { join, resolve } from 'node:path';
import { parseEnvironment } from '@tidings/runtime';
import { expect, it } from 'vitest';
import { banner } from './banner.js';

const TOKEN = 'a-random-admin-token-of-the-start-itself';
const complete = { KAFKA_BROKERS: 'kafka:9092', DATABASE_URL: 'postgres://user:secret@db:5432/x' };

function bannerOf(given: Readonly<Record<string, string>>): string {
  const sasl = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'tidings', KAFKA_SASL_PASSWORD: 'secret' };
  const environment = parseEnvironment({ ...complete, ...sasl, TIDINGS_ADMIN_TOKEN: TOKEN, ...given });
  return banner({
    url: 'http://127.0.0.1:4100',
    lxd: { socket: resolve('.tidings/unix.socket'), tls: undefined },
    consoleLink: 'http://127.0.0.1:4100/console/#code=tdc_0123456789abcdefghijklmnopqrstuv',
    given: parseEnvironment(given),
    environment,
    adminTokenFile: join(parseEnvironment(given).dataDir, 'admin-token'),
  });
}

it('says where everything is, how to get in, and what to try', () => {
  const text = bannerOf({});
  expect(text).toContain('Tidings is ready at http://127.0.0.1:4100\n');
  expect(text).toMatch(/API +http:\/\/127\.0\.0\.1:4100\/docs\n/);
  expect(text).toMatch(/Kafka +kafka:9092 \(embedded\), user tidings\n +login in \.tidings\/kafka\.env\n/);
  expect(text).toMatch(
    /PostgreSQL +db:5432\/x \(embedded\), user user\n +password in \.tidings\/postgres-app-password\n/,
  );
  expect(text).toMatch(/Admin token +\.tidings\/admin-token\n/);
  expect(text).toContain('    npx tidings tail\n');
  expect(text).not.toContain('export');
  expect(text).toMatch(/^ +http:\/\/127\.0\.0\.1:4100\/console\/#code=tdc_\w{32}$/m);
});

it.each([
  ['embedded servers', {}],
  ['given ones', { ...complete, TIDINGS_ADMIN_TOKEN: TOKEN }],
  ['another data directory', { TIDINGS_DATA_DIR: '/var/lib/tidings' }],
  ['an open Kafka', { EMBEDDED_KAFKA_OPEN: 'true' }],
])('prints no secret, and no line wider than 80 columns, with %s', (_, given) => {
  const text = bannerOf(given);
  expect(text).not.toMatch(/secret/);
  expect(text).not.toContain(TOKEN);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('says how the command line finds a server that is not where it looks', () => {
  expect(bannerOf({ TIDINGS_DATA_DIR: '/var/lib/tidings' })).toContain('export TIDINGS_DATA_DIR=/var/lib/tidings\n');
  expect(bannerOf({ ...complete, TIDINGS_ADMIN_TOKEN: TOKEN })).toContain(
    'export TIDINGS_URL=http://127.0.0.1:4100 TIDINGS_TOKEN=$TIDINGS_ADMIN_TOKEN\n',
  );
});
