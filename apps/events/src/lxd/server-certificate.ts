import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import { generate } from 'selfsigned';

/** PEM text. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

const FILE = 'lxd-server.pem';
const YEARS = 10;

/**
 * The certificate of the LXD API: as LXD's own, signed by itself, made once and then kept, for clients remember it.
 * @param directory the data directory
 * @throws {StartError} when the directory cannot be written to
 */
export async function serverCertificate(directory: string): Promise<ServerCertificate> {
  const file = join(directory, FILE);
  const kept = read(file);
  if (kept !== undefined) return kept;
  const made = await make();
  try {
    mkdirSync(directory, { recursive: true });
    // One file for both, under its name only when it is whole: two halves of different pairs would never fit again.
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, made.key + made.cert, { mode: 0o600 });
    renameSync(partial, file);
  } catch (error) {
    throw new StartError(
      `The LXD API's certificate cannot be kept in ${file}. Make the directory writable, or set TIDINGS_DATA_DIR to another one.`,
      { cause: error },
    );
  }
  return made;
}

/** The fingerprint by which LXD names a certificate: the SHA-256 of its DER, in hex. @param der its bytes */
export function fingerprintOf(der: Buffer): string {
  return new X509Certificate(der).fingerprint256.replaceAll(':', '').toLowerCase();
}

function read(file: string): ServerCertificate | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StartError(`The LXD API's certificate ${file} cannot be read. Make it readable for this user.`, {
      cause: error,
    });
  }
  const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----\r?\n?/s.exec(text) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----\r?\n?/s.exec(text) ?? [];
  if (key === undefined || cert === undefined) {
    throw new StartError(`${file} holds no certificate with its key. Remove it, and a new one is made.`);
  }
  return { key, cert };
}

async function make(): Promise<ServerCertificate> {
  const until = new Date();
  until.setFullYear(until.getFullYear() + YEARS);
  const { cert, private: key } = await generate([{ name: 'commonName', value: `tidings@${hostname()}`.slice(0, 64) }], {
    keyType: 'ec',
    curve: 'P-384',
    algorithm: 'sha384',
    notAfterDate: until,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: hostname() },
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  const line = (pem: string): string => `${pem.trim()}\n`;
  return { cert: line(cert), key: line(key) };
}
