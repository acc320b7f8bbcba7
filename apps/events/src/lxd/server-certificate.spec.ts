import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintOf, serverCertificate } from './server-certificate.js';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tidings-certificate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is made once, kept for its owner alone, and good for this machine', async () => {
  const made = await serverCertificate(join(folder, 'data'));
  const kept = await serverCertificate(join(folder, 'data'));
  expect(kept).toEqual(made);
  const file = join(folder, 'data', 'lxd-server.pem');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(made.key + made.cert);
  const certificate = new X509Certificate(made.cert);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(fingerprintOf(certificate.raw)).toMatch(/^[0-9a-f]{64}$/);
});

it('is what a server shows that has it', async () => {
  const { cert, key } = await serverCertificate(folder);
  const server = createServer({ cert, key }, (_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, ca: cert, agent: false }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  server.close();
  expect(status).toBe(200);
});

it('is refused where the file holds something else', async () => {
  writeFileSync(join(folder, 'lxd-server.pem'), 'nothing of the kind');
  await expect(serverCertificate(folder)).rejects.toThrow(StartError);
});
