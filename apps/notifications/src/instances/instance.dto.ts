import { applyDecorators } from '@nestjs/common';
import { parseScopePattern } from '@tidings/access';
import { catalogue } from '@tidings/catalogue';
import { FlagField, NestedListField, Satisfies, TextListField, TimeField } from '@tidings/openapi';
import { EXAMPLE, IdField, NameField, ShownNameField } from '../api/admin-fields.js';
import { hint } from '../api/near-name.js';
import { ListEnvelope } from '../api/list.dto.js';
import type { StoredInstance } from './instance.repository.js';

const MAX_SCOPES = 100;
const MAX_SCOPE = 2_048;
const FORMS = 'write *, lxd:*, lxd:rack1, lxd:rack1:*, lxd:rack1:project:* or lxd:rack1:project:default';

/** An instance that is asked for. */
export class NotificationInstanceDraft {
  @NameField({ example: 'rack 1' })
  name!: string;

  /** Whose events the instance may receive. */
  @ScopesField()
  scopes!: string[];
}

/** A part of the configuration that is apart from all others. */
export class NotificationInstance {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'rack 1' })
  name!: string;

  @TextListField({ example: ['lxd:rack1'] })
  scopes!: readonly string[];

  @FlagField({ example: false })
  is_default!: boolean;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

export class NotificationInstanceList extends ListEnvelope {
  @NestedListField(() => NotificationInstance)
  instances!: NotificationInstance[];
}

/** An instance as answers show it. */
export function instanceView({ id, name, scopes, is_default, created_at }: StoredInstance): NotificationInstance {
  return { id, name, scopes, is_default, created_at: created_at.toISOString() };
}

function ScopesField(): PropertyDecorator {
  return applyDecorators(
    TextListField({
      description: 'Whose events the instance may receive.',
      minItems: 1,
      maxItems: MAX_SCOPES,
      example: ['lxd:rack1'],
    }),
    Satisfies((scopes) => {
      if (!Array.isArray(scopes) || scopes.length === 0)
        return `must be whose events the instance may receive; ${FORMS}`;
      const problems = scopes.map((scope: unknown) => (typeof scope === 'string' ? scopeProblem(scope) : undefined));
      return problems.find((problem) => problem !== undefined);
    }),
  );
}

function scopeProblem(scope: string): string | undefined {
  const pattern = scope.length > MAX_SCOPE || /[\0\p{Cs}]/u.test(scope) ? undefined : parseScopePattern(scope);
  if (pattern === undefined) return `"${scope.slice(0, 100)}" is not a scope; ${FORMS}`;
  const { system: name, kind } = pattern;
  if (name === undefined) return undefined;
  const system = catalogue.system(name);
  if (system === undefined) {
    const names = catalogue.systems().map((one) => one.name);
    return `"${scope}" names no known system; ${hint(name, names)}`;
  }
  const kinds = Object.keys(system.scopeRoles);
  if (kind === undefined || kinds.includes(kind)) return undefined;
  return `"${scope}": ${name} has no scopes of the kind ${kind}${kinds.length === 0 ? '' : `; ${hint(kind, kinds)}`}`;
}
