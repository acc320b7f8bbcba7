import { type IssuedToken, PERMISSIONS, type Principal, type StoredToken, tokenView } from '@tidings/access';
import { AnyField, API_VERSION, ChoiceField, TextField, TextListField, TimeField } from '@tidings/openapi';

const CODE = 'tdc_shown-in-this-answer-alone';
const TIME = '2026-11-02T20:01:53.204Z';
const ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

const PermissionsField = (example: readonly string[]): PropertyDecorator =>
  AnyField({ type: 'array', items: { type: 'string', enum: PERMISSIONS } }, { example });

/** What a session is opened with. */
export class LoginCodeTrade {
  @TextField({ minLength: 1, description: 'The one-time code of a sign-in link.', example: CODE })
  code!: string;
}

/** A one-time code in the only answer that ever has it. */
export class IssuedLoginCode {
  @TextField({ description: 'The link is `/console/#code=` and it.', example: CODE })
  code!: string;

  @TimeField({ example: TIME })
  expires_at!: string;
}

/** A session in the only answer that ever has its token. */
export class OpenedSession {
  @TextField({ format: 'uuid', example: ID })
  id!: string;

  @TextField({ example: 'session of rack 1' })
  name!: string;

  @ChoiceField(['session'], { example: 'session' })
  kind!: string;

  @PermissionsField(['events:read'])
  permissions!: readonly string[];

  @TextListField({ example: ['lxd:rack1'] })
  scopes!: readonly string[];

  @TextListField({ example: [] })
  sources!: readonly string[];

  @TimeField({ example: TIME })
  created_at!: string;

  @TextField({ description: 'The id of the token that made it, or `admin`.', example: ID })
  created_by!: string;

  @TimeField({ nullable: true, example: TIME })
  expires_at!: string | null;

  @TextField({ description: 'Shown in this answer alone.', example: 'shown-in-this-answer-alone' })
  token!: string;
}

export function openedSession({ token, secret = '' }: IssuedToken): OpenedSession {
  const { id, name, kind, permissions, scopes, sources, created_at, created_by, expires_at } = tokenView(token);
  return { id, name, kind, permissions, scopes, sources, created_at, created_by, expires_at, token: secret };
}

/** Who a caller is to the server. */
export class CallerIdentity {
  @TextField({ description: '`admin` for the configured token.', example: ID })
  id!: string;

  @TextField({ example: 'rack 1' })
  name!: string;

  @ChoiceField(['admin', 'bearer', 'certificate', 'session'], { example: 'bearer' })
  kind!: string;

  @PermissionsField(['notifications:read', 'notifications:admin'])
  permissions!: readonly (typeof PERMISSIONS)[number][];

  @TextListField({ example: ['*'] })
  scopes!: readonly string[];

  @TextListField({ example: [] })
  sources!: readonly string[];

  @TimeField({ nullable: true, example: TIME })
  expires_at!: string | null;

  @TextField({ example: API_VERSION })
  server_version!: string;
}

/** @param token as it is stored; undefined: the configured one */
export function callerIdentity(caller: Principal, token: StoredToken | undefined): CallerIdentity {
  const { id, name, permissions, scopes, sources } = caller;
  return {
    id,
    name,
    kind: token?.kind ?? 'admin',
    permissions: [...permissions],
    scopes,
    sources,
    expires_at: token?.expiresAt?.toISOString() ?? null,
    server_version: API_VERSION,
  };
}
