import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { createDataSource, waitForDatabase } from '@tidings/database';
import { parseEnvironment, StartError } from '@tidings/runtime';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freshName } from '../harness/fresh-names.js';

const { JAVA_HOME } = process.env;
const KEYTOOL = JAVA_HOME === undefined ? 'keytool' : join(JAVA_HOME, 'bin', 'keytool');
const STORE_PASSWORD = 'only-in-tests';
const folder = mkdtempSync(join(tmpdir(), 'tidings-database-tls-'));
const caFile = join(folder, 'ca.pem');
const sockets = new Set<Socket>();
let server: Server;
let url = '';

beforeAll(async () => {
  const store = join(folder, 'server.p12');
  const keytool = (...args: string[]) =>
    execFileSync(KEYTOOL, [...args, '-keystore', store, '-storepass', STORE_PASSWORD, '-alias', 'server'], {
      stdio: 'pipe',
    });
  const name = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1'];
  keytool('-genkeypair', '-storetype', 'PKCS12', '-keyalg', 'EC', '-validity', '2', ...name);
  keytool('-exportcert', '-rfc', '-file', caFile);
  server = secureFront(inject('databaseUrl'), readFileSync(store));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  url = Object.assign(new URL(inject('databaseUrl')), { port }).href;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Speaks TLS before the shared server, the way PostgreSQL does: asked for in plain text, then begun. */
function secureFront(plainUrl: string, pfx: Buffer): Server {
  const target = new URL(plainUrl);
  const secureContext = createSecureContext({ pfx, passphrase: STORE_PASSWORD });
  return createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    client.once('readable', () => {
      // SSLRequest: eight bytes; "S" means: go on.
      client.read(8);
      client.write('S');
      const secured = new TLSSocket(client, { isServer: true, secureContext }).on('error', () => client.destroy());
      const origin = connect(Number(target.port), target.hostname).on('error', () => client.destroy());
      secured.pipe(origin).pipe(secured);
    });
  });
}

function settingsFrom(variables: Record<string, string>) {
  const { database } = parseEnvironment(variables);
  return { url: database.url ?? '', tls: database.tls, applicationName: 'tidings-test' };
}

test('a server is trusted whose authority is named', async () => {
  const settings = settingsFrom({ DATABASE_URL: `${url}?sslmode=verify-full`, DATABASE_TLS_CA_FILE: caFile });
  const dataSource = await createDataSource({ ...settings, schema: freshName(), migrations: [], poolSize: 2 });
  expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await dataSource.destroy();
});

test('a server whose authority nobody named is refused at once, and the message says what to set', async () => {
  const work = waitForDatabase(settingsFrom({ DATABASE_URL: `${url}?sslmode=require` }), 600_000);
  await expect(work).rejects.toThrow(StartError);
  await expect(work).rejects.toThrow(/cannot be used: .*certificate.* DATABASE_TLS_CA_FILE/);
});

test('a server under another name is refused at once', async () => {
  const other = Object.assign(new URL(url), { hostname: 'localhost' }).href;
  const work = waitForDatabase(settingsFrom({ DATABASE_URL: other, DATABASE_TLS_CA_FILE: caFile }), 600_000);
  await expect(work).rejects.toThrow(/cannot be used: .*localhost/);
});

test('any certificate is taken with sslmode=no-verify', async () => {
  await waitForDatabase(settingsFrom({ DATABASE_URL: `${url}?sslmode=no-verify` }), 10_000);
});
