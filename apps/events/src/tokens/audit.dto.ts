import type { KeptAuditEntry } from '@tidings/access';
import { JsonObjectField, NestedField, TextField, TimeField } from '@tidings/openapi';

class AuditActor {
  @TextField({ description: 'The id of a token; `admin` for the configured one.', example: 'admin' })
  id!: string;

  @TextField({ example: 'admin' })
  name!: string;
}

export class AuditRecord {
  @TextField({ example: '1' })
  id!: string;

  @TimeField({ example: '2026-11-02T08:01:53.204Z' })
  at!: string;

  @NestedField(() => AuditActor)
  actor!: AuditActor;

  @TextField({ example: 'token.create' })
  action!: string;

  @TextField({ example: 'token:0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d' })
  subject!: string;

  @JsonObjectField({ description: 'Null if it did not exist.', nullable: true, example: null })
  before!: unknown;

  @JsonObjectField({ description: 'Null if it no longer exists.', nullable: true, example: { name: 'rack 1' } })
  after!: unknown;
}

export function auditView({ at, id, actor, action, subject, before, after }: KeptAuditEntry): AuditRecord {
  return { id, at: at.toISOString(), actor, action, subject, before, after };
}
