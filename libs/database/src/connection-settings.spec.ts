import { expect, test } from 'vitest';
import { addressOf, clientConfig } from './connection-settings.js';

test('a URL is taken apart, decoded', () => {
  const url = 'postgres://us%40er:p%2Fa%3Ass@db.example:5433/my%20db';
  expect(clientConfig({ url, applicationName: 'test' })).toEqual({
    host: 'db.example',
    port: 5433,
    user: 'us@er',
    password: 'p/a:ss',
    database: 'my db',
    ssl: false,
    application_name: 'test',
  });
});

test('what is left out has its usual value', () => {
  const config = clientConfig({ url: 'postgres://[::1]/db', applicationName: 'test' });
  expect(config).toMatchObject({ host: '::1', port: 5432, user: 'postgres', password: undefined });
});

test('TLS checks the certificate, unless told not to', () => {
  const url = 'postgres://h/d';
  expect(clientConfig({ url, applicationName: 't', tls: { ca: 'PEM', verify: true } }).ssl).toEqual({
    ca: 'PEM',
    cert: undefined,
    key: undefined,
    rejectUnauthorized: true,
  });
  expect(clientConfig({ url, applicationName: 't', tls: { verify: false } }).ssl).toMatchObject({
    rejectUnauthorized: false,
  });
});

test('the address for messages has neither user nor password', () => {
  expect(addressOf('postgres://user:hunter2@db.example/d')).toBe('db.example:5432');
  expect(addressOf('postgres://user:hunter2@[::1]:5433/d')).toBe('[::1]:5433');
});
