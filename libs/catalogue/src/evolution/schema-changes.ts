import { canonicalJson } from '../json.js';
import type { JsonSchema } from '../schema.js';
import { changed, type CatalogueChange, type CatalogueChangeCode } from './catalogue-change.js';

/** Rules that allow less the higher they are, and those that allow less the lower. */
const LOWER_LIMITS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_LIMITS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
/** What is compared by its own rules, or says nothing of values. */
const COMPARED = ['type', 'enum', 'const', 'properties', 'required', 'items', 'description', 'title'];

/**
 * What has changed between two schemas of payloads, field by field.
 * @param of whose payload it is
 * @param field where in the payload; empty for the whole
 */
export function schemaChanges(of: string, before: JsonSchema, after: JsonSchema, field = ''): CatalogueChange[] {
  return new SchemaComparison(of).compare(before, after, field);
}

class SchemaComparison {
  private readonly found: CatalogueChange[] = [];

  constructor(private readonly of: string) {}

  compare(before: JsonSchema, after: JsonSchema, field: string): CatalogueChange[] {
    this.schemas(before, after, field);
    return this.found;
  }

  private add(code: CatalogueChangeCode, field: string, problem: string): void {
    this.found.push(changed(code, this.of, field, problem));
  }

  private schemas(before: JsonSchema, after: JsonSchema, field: string): void {
    const wasKinds = kindsOf(before);
    const isKinds = kindsOf(after);
    this.kinds(wasKinds, isKinds, field);
    this.choices(choicesOf(before), choicesOf(after), field);
    for (const limit of LOWER_LIMITS) this.limit(limit, before[limit], after[limit], -Infinity, field);
    for (const limit of UPPER_LIMITS) this.limit(limit, before[limit], after[limit], Infinity, field);
    this.otherRules(before, after, field);
    this.properties(before, after, field);
    if (isSchema(before['items']) && isSchema(after['items'])) {
      this.schemas(before['items'], after['items'], `${field}[]`);
    } else if (before['items'] !== undefined || after['items'] !== undefined) {
      this.ruleIn('items', before, after, field);
    }
  }

  private kinds(before: readonly string[] | undefined, after: readonly string[] | undefined, field: string): void {
    const isKept = covers(after, before);
    const isOld = covers(before, after);
    if (isKept && isOld) return;
    const said = `was ${named(before)}, and is ${named(after)}`;
    if (isKept) this.add('kind_widened', field, `${said}; add a field of another name instead`);
    else if (isOld) this.add('kind_narrowed', field, `${said}; add a field of another name instead`);
    else this.add('kind_changed', field, `${said}; add a field of another name instead`);
  }

  private choices(before: readonly string[] | undefined, after: readonly string[] | undefined, field: string): void {
    if (before === undefined && after === undefined) return;
    if (before === undefined) {
      this.add('choices_introduced', field, `took any value, and takes ${(after ?? []).join(', ')} only`);
      return;
    }
    if (after === undefined) {
      this.add('choices_lifted', field, `took ${before.join(', ')} only, and takes any value`);
      return;
    }
    for (const choice of before) {
      if (!after.includes(choice)) this.add('choice_removed', field, `takes ${choice} no longer; leave it in`);
    }
    for (const choice of after) {
      if (!before.includes(choice)) this.add('choice_added', field, `takes ${choice} as well`);
    }
  }

  private limit(limit: string, was: unknown, is: unknown, none: number, field: string): void {
    if (was === is) return;
    const [before, after] = [was, is].map((value) => (typeof value === 'number' ? value : none));
    if (before === undefined || after === undefined || before === after) return;
    const said = `had ${limit} ${textOf(was)}, and has ${textOf(is)}`;
    const isTighter = none < 0 ? after > before : after < before;
    this.add(isTighter ? 'limit_tightened' : 'limit_loosened', field, said);
  }

  /** Rules of which it is not known what they mean: any change of them may break anybody. */
  private otherRules(before: JsonSchema, after: JsonSchema, field: string): void {
    const known = new Set([...COMPARED, ...LOWER_LIMITS, ...UPPER_LIMITS]);
    for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!known.has(keyword)) this.ruleIn(keyword, before, after, field);
    }
  }

  private ruleIn(keyword: string, before: JsonSchema, after: JsonSchema, field: string): void {
    const [was, is] = [before[keyword], after[keyword]];
    if (canonicalJson(was ?? null) === canonicalJson(is ?? null)) return;
    if (was === undefined)
      this.add('limit_tightened', field, `has the rule ${keyword} ${textOf(is)}, which it had not`);
    else if (is === undefined)
      this.add('limit_loosened', field, `had the rule ${keyword} ${textOf(was)}, and has none`);
    else this.add('rule_changed', field, `had the rule ${keyword} ${textOf(was)}, and has ${textOf(is)}`);
  }

  private properties(before: JsonSchema, after: JsonSchema, field: string): void {
    const [was, is] = [propertiesOf(before), propertiesOf(after)];
    const [neededBefore, neededAfter] = [requiredOf(before), requiredOf(after)];
    for (const [name, property] of was) {
      const path = field === '' ? name : `${field}.${name}`;
      const now = is.get(name);
      if (now === undefined) {
        this.add('field_removed', path, 'is gone, or has another name; leave it in');
        continue;
      }
      const [needed, isNeeded] = [neededBefore.has(name), neededAfter.has(name)];
      if (!needed && isNeeded) this.add('field_became_required', path, 'may be missing no longer; leave it optional');
      if (needed && !isNeeded) this.add('field_became_optional', path, 'may be missing now; leave it required');
      this.schemas(needed ? property : withoutNull(property), isNeeded ? now : withoutNull(now), path);
    }
    for (const [name] of is) {
      if (was.has(name)) continue;
      const path = field === '' ? name : `${field}.${name}`;
      if (neededAfter.has(name)) this.add('required_field_added', path, 'is new and required; make it optional');
      else this.add('field_added', path, 'is new');
    }
  }
}

/** Undefined: any. */
function kindsOf({ type }: JsonSchema): readonly string[] | undefined {
  return type === undefined ? undefined : ([type].flat() as string[]);
}

function covers(wider: readonly string[] | undefined, narrower: readonly string[] | undefined): boolean {
  if (wider === undefined) return true;
  if (narrower === undefined) return false;
  return narrower.every((kind) => wider.includes(kind) || (kind === 'integer' && wider.includes('number')));
}

function named(kinds: readonly string[] | undefined): string {
  return kinds === undefined ? 'of any kind' : kinds.join(' or ');
}

function choicesOf(schema: JsonSchema): readonly string[] | undefined {
  if ('const' in schema) return [textOf(schema['const'])];
  return Array.isArray(schema['enum']) ? schema['enum'].map(textOf) : undefined;
}

/** That a field which may be missing may be null as well goes without saying. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const { type, enum: choices } = schema;
  const kinds = Array.isArray(type) ? type.filter((kind) => kind !== 'null') : undefined;
  return {
    ...schema,
    ...(kinds !== undefined && { type: kinds }),
    ...(Array.isArray(choices) && { enum: choices.filter((choice) => choice !== null) }),
  };
}

function propertiesOf({ properties }: JsonSchema): ReadonlyMap<string, JsonSchema> {
  return new Map(Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>));
}

function requiredOf({ required }: JsonSchema): ReadonlySet<string> {
  return new Set((required ?? []) as readonly string[]);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
