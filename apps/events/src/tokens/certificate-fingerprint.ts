import { X509Certificate } from 'node:crypto';

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** The fingerprint of a certificate, or why there is none. */
export type FingerprintReading = { readonly fingerprint: string } | { readonly problem: string };

/**
 * Reads a client certificate in PEM, or its fingerprint: the SHA-256 of its DER, in hexadecimal, as `openssl x509
 * -fingerprint -sha256` and `lxc config trust list` show it.
 */
export function readFingerprint(text: string): FingerprintReading {
  if (text.includes('-----BEGIN')) return ofCertificate(text);
  const fingerprint = text
    .trim()
    .replace(/^sha256:|^sha256 fingerprint=/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  if (FINGERPRINT.test(fingerprint)) return { fingerprint };
  return { problem: 'must be a certificate in PEM, or the SHA-256 fingerprint of one: 64 hex digits' };
}

function ofCertificate(pem: string): FingerprintReading {
  try {
    const certificate = new X509Certificate(pem);
    if (Date.parse(certificate.validTo) <= Date.now()) {
      return { problem: `expired on ${certificate.validTo}; make a new one` };
    }
    return { fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase() };
  } catch {
    return { problem: 'is not a certificate in PEM; send the file with -----BEGIN CERTIFICATE-----, never the key' };
  }
}
