import { type Permission, PERMISSIONS, type TokenDraft, type TokenRotation, type TokenView } from '@tidings/access';
import { catalogue, parseTime } from '@tidings/catalogue';
import {
  AnyField,
  ClassSchema,
  IntegerField,
  OptionalBody,
  Satisfies,
  type Schema,
  TextField,
  TextListField,
  TimeField,
  UUID_PATTERN,
} from '@tidings/openapi';
import { invalidQuery } from '@tidings/runtime';
import { TOKEN_SCOPE } from '../query/scope-schema.js';
import { readFingerprint } from './certificate-fingerprint.js';
import { hint, scopeProblem } from './token-scopes.js';

const MAX_NAME = 200;
const MAX_ENTRIES = 100;
const MAX_TEXT = 2_048;
const MAX_GRACE_SECONDS = 86_400;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const PRINTABLE = '[^\\u0000-\\u001f\\u007f-\\u009f]';
const SOURCE_PATTERN = '^([^*\\s\\u0000-\\u0020\\u007f-\\u00a0]+[*]?|[*])$';

const EXAMPLE_ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

export class TokenPath {
  @TextField({ description: 'The token’s id.', pattern: new RegExp(UUID_PATTERN), example: EXAMPLE_ID })
  id!: string;
}

function ExpiryField(options: { readonly description: string; readonly nullable?: boolean }): PropertyDecorator {
  return (target, name) => {
    AnyField({ type: 'string', format: 'date-time' }, { ...options, optional: true })(target, name);
    Satisfies(expiryProblem)(target, name);
  };
}

function CertificateField(): PropertyDecorator {
  return (target, name) => {
    TextField({
      description: 'A valid client certificate in PEM, or its SHA-256 fingerprint.',
      pattern: /-----BEGIN|^\s*([Ss][Hh][Aa]256( [Ff]ingerprint=|:))?[0-9A-Fa-f:]{64,}\s*$/,
      rule: 'must be a certificate in PEM, or the SHA-256 fingerprint of one: 64 hex digits',
      optional: true,
    })(target, name);
    Satisfies((value) => {
      const reading = readFingerprint(String(value));
      return 'problem' in reading ? reading.problem : undefined;
    })(target, name);
  };
}

/** A token that is asked for. */
@ClassSchema({
  allOf: [requirement('events:read', 'scopes'), requirement('events:publish', 'sources')],
  example: { name: 'rack 1', permissions: ['events:read'], scopes: ['lxd:rack1'] },
})
export class CreateToken {
  @TextField({
    description: 'Who has the token.',
    maxLength: MAX_NAME,
    pattern: new RegExp(`^${PRINTABLE}*[^\\s\\u0000-\\u0020\\u007f-\\u00a0]${PRINTABLE}*$`),
    rule: `must be text of up to ${MAX_NAME} printable characters that says who has the token`,
  })
  @Satisfies((name) => (UNPRINTABLE.test(String(name)) ? 'must have printable characters only' : undefined))
  name!: string;

  @AnyField({ type: 'array', items: { type: 'string', enum: PERMISSIONS }, minItems: 1 })
  @Satisfies((value) =>
    listProblem(value ?? [], permissionProblem, `must be at least one of ${PERMISSIONS.join(', ')}`),
  )
  permissions!: readonly Permission[];

  @AnyField(
    { type: 'array', items: { type: 'string', pattern: `^(${TOKEN_SCOPE})$` }, maxItems: MAX_ENTRIES },
    { description: 'Whose events may be read; required with events:read. `*` is everything.', optional: true },
  )
  @Satisfies((value) => listProblem(value, (scope) => scopeProblem(scope, catalogue)))
  scopes?: readonly string[];

  @AnyField(
    { type: 'array', items: { type: 'string', pattern: SOURCE_PATTERN }, maxItems: MAX_ENTRIES },
    { description: 'The CloudEvents sources to publish as; required with events:publish.', optional: true },
  )
  @Satisfies((value) => listProblem(value, sourceProblem))
  sources?: readonly string[];

  @ExpiryField({ description: 'A time in the future, with its zone; null for a token that does not expire.' })
  expires_at?: string;

  @CertificateField()
  certificate?: string;
}

/** How a token's secret is replaced. */
@OptionalBody()
@ClassSchema({ example: { grace_seconds: 3600 } })
export class RotateToken {
  @IntegerField({
    description: 'How long the old secret stays valid.',
    minimum: 0,
    maximum: MAX_GRACE_SECONDS,
    optional: true,
  })
  grace_seconds?: number;

  @ExpiryField({
    description: 'A time in the future, with its zone; null: the token no longer expires.',
    nullable: true,
  })
  expires_at?: string | null;

  @CertificateField()
  certificate?: string;
}

export class Token implements TokenView {
  @TextField({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @TextField({ example: 'rack 1' })
  name!: string;

  @TextField({ example: 'bearer' })
  kind!: string;

  @AnyField({ type: 'array', items: { type: 'string', enum: PERMISSIONS } }, { example: ['events:read'] })
  permissions!: readonly string[];

  @TextListField({ example: ['lxd:rack1'] })
  scopes!: readonly string[];

  @TextListField({ example: [] })
  sources!: readonly string[];

  @TimeField({ example: '2026-11-02T08:01:53.204Z' })
  created_at!: string;

  @TextField({ example: 'admin' })
  created_by!: string;

  @TextField({ nullable: true, example: null })
  expires_at!: string | null;

  @TextField({ nullable: true, example: null })
  revoked_at!: string | null;

  @TextField({ description: 'Until when the previous secret is still valid.', nullable: true, example: null })
  grace_ends_at!: string | null;

  @TextField({ description: 'Of a client certificate.', nullable: true, example: null })
  fingerprint!: string | null;
}

/** A token in the only answer that ever has its secret. */
export class IssuedToken extends Token {
  @TextField({ description: 'Null for a client certificate.', nullable: true, example: 'shown-in-this-answer-alone' })
  token!: string | null;
}

/** @throws {DomainError} `invalid_query` where a permission needs more than is given */
export function tokenDraftOf({ name, permissions, scopes = [], sources = [], ...rest }: CreateToken): TokenDraft {
  const problems = {
    ...(permissions.includes('events:read') &&
      scopes.length === 0 && {
        scopes: ['is required with events:read: whose events may be read; ["*"] is everything'],
      }),
    ...(permissions.includes('events:publish') &&
      sources.length === 0 && {
        sources: [
          'is required with events:publish: as which CloudEvents sources, for example /lxd/rack1 or /lxd/*; ["*"] is any',
        ],
      }),
  };
  if (Object.keys(problems).length > 0) throw invalidQuery(problems);
  return {
    name: name.trim(),
    permissions: [...new Set(permissions)],
    scopes: [...new Set(scopes)],
    sources: [...new Set(sources)],
    expiresAt: rest.expires_at === undefined ? undefined : timeOf(rest.expires_at),
    fingerprint: fingerprintOf(rest.certificate),
  };
}

export function tokenRotationOf({ grace_seconds = 0, expires_at, certificate }: RotateToken): TokenRotation {
  return {
    graceSeconds: grace_seconds,
    expiresAt: typeof expires_at === 'string' ? timeOf(expires_at) : expires_at,
    fingerprint: fingerprintOf(certificate),
  };
}

function fingerprintOf(certificate: string | undefined): string | undefined {
  const reading = certificate === undefined ? undefined : readFingerprint(certificate);
  return reading !== undefined && 'fingerprint' in reading ? reading.fingerprint : undefined;
}

function expiryProblem(value: unknown): string | undefined {
  const time = typeof value === 'string' ? timeOf(value) : undefined;
  if (time === undefined) return 'must be a time with its zone, for example 2027-01-31T12:00:00Z';
  return time.getTime() <= Date.now() ? 'must be in the future' : undefined;
}

function timeOf(text: string): Date | undefined {
  const micros = parseTime(text);
  return micros === undefined ? undefined : new Date(Number(micros / 1_000n));
}

/** @param emptyProblem undefined: the list may be empty */
function listProblem(
  value: unknown,
  problemOf: (text: string) => string | undefined,
  emptyProblem?: string,
): string | undefined {
  if (!Array.isArray(value) || value.length > MAX_ENTRIES || !value.every((one) => typeof one === 'string')) {
    return `must be an array of up to ${MAX_ENTRIES} texts`;
  }
  if (value.length === 0) return emptyProblem;
  const problems = [...new Set<string>(value)].flatMap((text) =>
    text.length > MAX_TEXT ? `must not be longer than ${MAX_TEXT} characters` : (problemOf(text) ?? []),
  );
  return problems.length === 0 ? undefined : problems.join('; ');
}

function permissionProblem(text: string): string | undefined {
  if (PERMISSIONS.some((permission) => permission === text)) return undefined;
  return `Unknown permission "${text}"; ${hint(text, PERMISSIONS)}`;
}

function sourceProblem(text: string): string | undefined {
  const isGood = text !== '' && !/\s/.test(text) && !UNPRINTABLE.test(text) && !text.slice(0, -1).includes('*');
  if (isGood) return undefined;
  return `Invalid source "${text}"; write one as events name it, for example /lxd/rack1, or its beginning and * at the end`;
}

/** A token needs to say whose events it may read, and as which sources it may publish. */
function requirement(permission: string, field: string): Schema {
  return {
    if: { properties: { permissions: { contains: { const: permission } } } },
    then: { required: [field], properties: { [field]: { type: 'array', minItems: 1 } } },
  };
}
