import { OUTCOMES, SCOPE_ROLES, type PayloadClass, type SystemDefinition } from './definition.js';
import type { Problem } from './envelope.js';
import { isTypeName } from './native.js';
import { schemaOf } from './schema.js';
import { validatePayload } from './validation.js';

/** As it stands in kafkaTopics, scopes (`shop:main:…`) and sources (`/shop/main`). */
const SYSTEM_NAME = /^[a-z][a-z0-9_-]{0,31}$/;
/** Reverse-DNS, of two parts at least: whoever took `com.` would speak for the half of the world. */
const TYPE_PREFIX = /^([a-z0-9]([a-z0-9_-]*[a-z0-9])?\.){2,}$/;
const ROW_KEY = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;
const GROUP = /^[a-z0-9_-]{1,64}$/;
/** A field's path, several parted by full stops, or a template of them. */
const FIELD_PATHS = /^[^{}\s]+$|^[^{}]*(\{[^{}\s]+\}[^{}]*)+$/;
/** The domain of types that nobody declared. */
const RESERVED_GROUP = 'uncatalogued';

type Members = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a system that comes from outside: from JavaScript perhaps, or made with another copy or version of
 * this library, so that the compiler has not seen it.
 * @param candidate what ought to be a system
 * @param known the systems that there are already
 * @returns nothing when it may be added
 */
export function systemProblems(candidate: unknown, known: readonly SystemDefinition[]): readonly Problem[] {
  if (!isMembers(candidate)) return [{ field: '', problem: 'a system is an object, as system({ … }) makes it' }];
  const { name } = candidate;
  if (typeof name !== 'string' || !SYSTEM_NAME.test(name)) {
    const problem = 'must be 1 to 32 lower-case letters, digits, dashes or underscores, beginning with a letter';
    return [{ field: 'name', problem }];
  }
  const problems = new ProblemList(name);
  headRules(candidate, known, problems);
  roleRules(candidate, problems);
  if (!isMembers(candidate['undeclared'])) {
    problems.add('undeclared', 'must say how events of undeclared types are read: { subject, scopes, message }');
  } else readingRules(candidate['undeclared'], 'undeclared', candidate, problems);
  if (!isMembers(candidate['events'])) problems.add('events', 'must be an object of rows, as event({ … }) makes them');
  else {
    for (const [key, row] of Object.entries(candidate['events'])) rowRules(key, row, candidate, problems);
  }
  return problems.found;
}

class ProblemList {
  readonly found: Problem[] = [];

  constructor(private readonly name: string) {}

  add(field: string, problem: string): void {
    this.found.push({ field: `${this.name}.${field}`, problem });
  }

  unless(isRight: boolean, field: string, problem: string): void {
    if (!isRight) this.add(field, problem);
  }
}

function headRules(system: Members, known: readonly SystemDefinition[], problems: ProblemList): void {
  const { name, title, typePrefix, nativeType, contextField, native } = system;
  const isTaken = known.some((other) => other.name === name);
  problems.unless(!isTaken, 'name', 'is declared twice: another system is called so; choose another name');
  problems.unless(isText(title), 'title', 'must be how people call the system');
  const namesake = known.find((other) => other.title === title && other.name !== name);
  problems.unless(namesake === undefined, 'title', `is that of the system ${namesake?.name ?? ''}; choose another`);
  if (typeof typePrefix !== 'string' || !TYPE_PREFIX.test(typePrefix)) {
    const problem =
      'must be a reverse domain name of two parts or more that ends in a full stop, such as com.example.shop.';
    problems.add('typePrefix', problem);
  } else if (!isTaken) {
    const other = known.find((one) => typePrefix.startsWith(one.typePrefix) || one.typePrefix.startsWith(typePrefix));
    const problem = `overlaps with ${other?.typePrefix ?? ''}, the types of the system ${other?.name ?? ''}; choose another`;
    problems.unless(other === undefined, 'typePrefix', problem);
  }
  problems.unless(
    isOptional(nativeType, 'function'),
    'nativeType',
    'must be a function from the key of a row to a name',
  );
  problems.unless(isOptional(contextField, 'string'), 'contextField', 'must be the name of a field');
  if (native === undefined) return;
  const isFormat = isMembers(native) && typeof native['read'] === 'function' && typeof native['write'] === 'function';
  problems.unless(isFormat, 'native', 'must have the functions read and write');
}

function roleRules({ scopeRoles }: Members, problems: ProblemList): void {
  if (!isMembers(scopeRoles)) {
    problems.add('scopeRoles', 'must be an object: {} where events belong to nobody in particular');
    return;
  }
  for (const [kind, role] of Object.entries(scopeRoles)) {
    problems.unless(/^[a-z][a-z0-9_-]*$/.test(kind), `scopeRoles.${kind}`, 'must be named in lower-case letters');
    const isRole = SCOPE_ROLES.some((known) => known === role);
    problems.unless(isRole, `scopeRoles.${kind}`, `must be one of ${SCOPE_ROLES.join(', ')}`);
  }
}

function rowRules(key: string, row: unknown, system: Members, problems: ProblemList): void {
  const place = `events.${key}`;
  const type = `${String(system['typePrefix'])}${key}`;
  if (!ROW_KEY.test(key) || !isTypeName(type)) {
    problems.add(place, 'must be named in letters, digits, dots, dashes, colons and underscores, 200 with the prefix');
  }
  if (!isMembers(row)) {
    problems.add(place, 'must be a row, as event({ … }) makes it');
    return;
  }
  const { summary, version, groups } = row;
  problems.unless(isText(summary), `${place}.summary`, 'must be one line that says what happened');
  const isVersion = typeof version === 'number' && Number.isInteger(version) && version > 0;
  problems.unless(isVersion, `${place}.version`, 'must be a whole number from 1 on');
  const isGroups = Array.isArray(groups) && groups.length > 0 && groups.every(isGroup);
  problems.unless(
    isGroups,
    `${place}.groups`,
    `must be one group or more of lower-case letters, digits, dashes or underscores, and none of them ${RESERVED_GROUP}`,
  );
  readingRules(row, place, system, problems);
  payloadRules(row, place, problems);
}

/** The rules of what declared types and those that nobody declared have in common. */
function readingRules(row: Members, place: string, { scopeRoles }: Members, problems: ProblemList): void {
  const { subject, scopes, outcome, message } = row;
  const paths =
    'must be a path like order.id, a template like {shop}/{id}, or several of which the first present counts';
  problems.unless(isFieldPaths(subject), `${place}.subject`, paths);
  if (!isMembers(scopes)) problems.add(`${place}.scopes`, 'must be an object of fields by kind of scope, {} for none');
  else {
    for (const [kind, of] of Object.entries(scopes)) {
      const hasRole = isMembers(scopeRoles) && Object.hasOwn(scopeRoles, kind);
      problems.unless(hasRole, `${place}.scopes.${kind}`, 'is no kind of scope that scopeRoles gives a role');
      problems.unless(isFieldPaths(of), `${place}.scopes.${kind}`, paths);
    }
  }
  const isOutcome =
    outcome === undefined ||
    OUTCOMES.some((known) => known === outcome) ||
    (isMembers(outcome) && typeof outcome['of'] === 'function');
  problems.unless(isOutcome, `${place}.outcome`, `must be one of ${OUTCOMES.join(', ')}, or { of(payload) }`);
  problems.unless(typeof message === 'function', `${place}.message`, 'must be a function from a payload to one line');
}

function payloadRules({ payload, example, version, earlier }: Members, place: string, problems: ProblemList): void {
  if (classRules(payload, `${place}.payload`, problems)) {
    const wrong = validatePayload(payload as PayloadClass<object>, example);
    for (const { field, problem } of wrong)
      problems.add([`${place}.example`, field].filter(Boolean).join('.'), problem);
  }
  if (earlier === undefined) return;
  if (!isMembers(earlier)) {
    problems.add(`${place}.earlier`, 'must be an object of payload classes by version');
    return;
  }
  for (const [number, of] of Object.entries(earlier)) {
    const isEarlier = /^[1-9]\d*$/.test(number) && Number(number) < Number(version);
    problems.unless(isEarlier, `${place}.earlier.${number}`, 'must be the number of a version before the current one');
    classRules(of, `${place}.earlier.${number}`, problems);
  }
}

function classRules(payload: unknown, place: string, problems: ProblemList): boolean {
  if (typeof payload !== 'function') {
    problems.add(place, 'must be a class whose fields have the decorators of class-validator');
    return false;
  }
  try {
    const { properties } = schemaOf(payload as PayloadClass<object>);
    if (Object.keys(properties as Members).length > 0) return true;
    problems.add(place, `is a class (${payload.name}) without any rule; give its fields decorators of class-validator`);
  } catch (error) {
    problems.add(place, `has no JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
  }
  return false;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && !/\p{Cc}/u.test(value);
}

function isOptional(value: unknown, kind: 'function' | 'string'): boolean {
  return value === undefined || typeof value === kind;
}

function isGroup(value: unknown): boolean {
  return typeof value === 'string' && GROUP.test(value) && value !== RESERVED_GROUP;
}

function isFieldPaths(value: unknown): boolean {
  const paths: readonly unknown[] = Array.isArray(value) ? value : [value];
  return paths.every((path) => typeof path === 'string' && FIELD_PATHS.test(path));
}
