import { type Permission, PERMISSIONS, type TokenDraft, type TokenRotation } from '@tidings/access';
import { type Catalogue, isJsonObject, parseTime } from '@tidings/catalogue';
import { invalidQuery, unknownNames } from '@tidings/runtime';
import { readFingerprint } from './certificate-fingerprint.js';
import { hint, scopeProblem } from './token-scopes.js';

const DRAFT_FIELDS = ['name', 'permissions', 'scopes', 'sources', 'expires_at', 'certificate'];
const ROTATION_FIELDS = ['grace_seconds', 'expires_at', 'certificate'];

const MAX_NAME = 200;
const MAX_ENTRIES = 100;
const MAX_TEXT = 2_048;
const MAX_GRACE_SECONDS = 86_400;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads the token that is asked for.
 * @throws {DomainError} `invalid_query`, with everything that is wrong, field by field
 */
export function readTokenDraft(json: unknown, catalogue: Catalogue): TokenDraft {
  const body = new Body(json, DRAFT_FIELDS);
  const name = body.name();
  const permissions = body.texts('permissions', permissionProblem).filter(isPermission);
  const scopes = body.texts('scopes', (scope) => scopeProblem(scope, catalogue));
  const sources = body.texts('sources', sourceProblem);
  body.demand('permissions', permissions.length > 0, `is required: at least one of ${PERMISSIONS.join(', ')}`);
  body.demand(
    'scopes',
    scopes.length > 0 || !permissions.includes('events:read'),
    'is required with events:read: whose events may be read; ["*"] is everything',
  );
  body.demand(
    'sources',
    sources.length > 0 || !permissions.includes('events:publish'),
    'is required with events:publish: as which CloudEvents sources, for example /lxd/rack1 or /lxd/*; ["*"] is any',
  );
  const expiresAt = body.expiry() ?? undefined;
  const fingerprint = body.fingerprint();
  body.refuseProblems();
  return { name, permissions, scopes, sources, expiresAt, fingerprint };
}

/**
 * Reads how a token's secret is to be replaced.
 * @param json undefined where the request has no body
 * @throws {DomainError} `invalid_query`, with everything that is wrong, field by field
 */
export function readTokenRotation(json: unknown): TokenRotation {
  const body = new Body(json === undefined ? {} : json, ROTATION_FIELDS);
  const graceSeconds = body.graceSeconds();
  const expiresAt = body.expiry();
  const fingerprint = body.fingerprint();
  body.refuseProblems();
  return { graceSeconds, expiresAt, fingerprint };
}

/** A body while it is read: it gathers what is wrong. */
class Body {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly problems = new Map<string, string[]>();

  constructor(json: unknown, known: readonly string[]) {
    if (!isJsonObject(json)) {
      throw invalidQuery({ non_field_errors: [`must be a JSON object with ${known.join(', ')}`] });
    }
    this.fields = json;
    for (const name of unknownNames(json, known)) this.complain(name, `is not known here; ${hint(name, known)}`);
  }

  name(): string {
    const name = this.fields['name'];
    if (typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME && !UNPRINTABLE.test(name)) {
      return name.trim();
    }
    this.complain('name', `is required: a text of up to ${MAX_NAME} printable characters that says who has the token`);
    return '';
  }

  texts(field: string, problemOf: (text: string) => string | undefined): string[] {
    const value = this.fields[field] ?? [];
    if (!Array.isArray(value) || value.length > MAX_ENTRIES || !value.every((one) => typeof one === 'string')) {
      this.complain(field, `must be an array of up to ${MAX_ENTRIES} texts`);
      return [];
    }
    const texts = [...new Set<string>(value)];
    for (const text of texts) {
      const problem = text.length > MAX_TEXT ? `must not be longer than ${MAX_TEXT} characters` : problemOf(text);
      if (problem !== undefined) this.complain(field, problem);
    }
    return texts;
  }

  /** @returns undefined where nothing is said, null where it is said that there is none */
  expiry(): Date | null | undefined {
    const value = this.fields['expires_at'];
    if (value === undefined || value === null) return value;
    const micros = typeof value === 'string' ? parseTime(value) : undefined;
    const time = micros === undefined ? undefined : new Date(Number(micros / 1_000n));
    if (time === undefined) {
      this.complain('expires_at', 'must be a time with its zone, for example 2027-01-31T12:00:00Z');
    } else if (time.getTime() <= Date.now()) {
      this.complain('expires_at', 'must lie in the future');
    }
    return time;
  }

  fingerprint(): string | undefined {
    const value = this.fields['certificate'] ?? undefined;
    if (value === undefined) return undefined;
    const reading =
      typeof value === 'string'
        ? readFingerprint(value)
        : { problem: 'must be a text: a certificate in PEM, or its fingerprint' };
    if ('fingerprint' in reading) return reading.fingerprint;
    this.complain('certificate', reading.problem);
    return undefined;
  }

  graceSeconds(): number {
    const value = this.fields['grace_seconds'] ?? 0;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_GRACE_SECONDS) return value;
    this.complain('grace_seconds', `must be a whole number of seconds from 0 to ${MAX_GRACE_SECONDS}, a day`);
    return 0;
  }

  /** Complains of a field that has no other problem. */
  demand(field: string, holds: boolean, problem: string): void {
    if (!holds && !this.problems.has(field)) this.complain(field, problem);
  }

  refuseProblems(): void {
    if (this.problems.size > 0) throw invalidQuery(Object.fromEntries(this.problems));
  }

  private complain(field: string, problem: string): void {
    this.problems.set(field, [...(this.problems.get(field) ?? []), problem]);
  }
}

function isPermission(text: string): text is Permission {
  return PERMISSIONS.some((permission) => permission === text);
}

function permissionProblem(text: string): string | undefined {
  return isPermission(text) ? undefined : `"${text}" is no permission; ${hint(text, PERMISSIONS)}`;
}

function sourceProblem(text: string): string | undefined {
  const isGood = text !== '' && !/\s/.test(text) && !UNPRINTABLE.test(text) && !text.slice(0, -1).includes('*');
  if (isGood) return undefined;
  return `"${text}" is no source; write one as events name it, for example /lxd/rack1, or its beginning and * at the end`;
}
