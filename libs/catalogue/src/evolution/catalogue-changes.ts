import { canonicalJson } from '../json.js';
import { changed, type CatalogueChange } from './catalogue-change.js';
import type { CatalogueSnapshot, SystemSnapshot, TypeSnapshot } from './catalogue-snapshot.js';
import { schemaChanges } from './schema-changes.js';

/**
 * Everything in which a catalogue differs from an earlier one.
 * @returns breaking changes and others (`isBreaking` tells), in the order of the systems and types
 */
export function catalogueChanges(before: CatalogueSnapshot, after: CatalogueSnapshot): readonly CatalogueChange[] {
  return [
    ...pairs(before.systems, after.systems).flatMap(([name, was, is]) => systemChanges(name, was, is)),
    ...pairs(before.types, after.types).flatMap(([type, was, is]) => {
      if (was === undefined) return [changed('type_added', type, '', 'is new')];
      if (is === undefined) return [changed('type_removed', type, '', 'is gone, or has another name; leave it in')];
      return [
        ...declarationChanges(type, was, is),
        ...versionChanges(type, was, is),
        ...schemaChanges(type, currentSchema(before, was), currentSchema(after, is)),
      ];
    }),
  ];
}

function systemChanges(
  name: string,
  was: SystemSnapshot | undefined,
  is: SystemSnapshot | undefined,
): CatalogueChange[] {
  if (was === undefined) return [changed('system_added', name, '', 'is new')];
  if (is === undefined) return [changed('system_removed', name, '', 'is gone, or has another name; leave it in')];
  const found: CatalogueChange[] = [];
  if (was.native !== is.native) {
    found.push(
      is.native
        ? changed('native_format_added', name, 'native', 'takes native events as well')
        : changed('native_format_removed', name, 'native', 'takes native events no longer; leave the format in'),
    );
  }
  if (was.contextField !== is.contextField) {
    const said = `was ${was.contextField ?? 'all of the data'}, and is ${is.contextField ?? 'all of the data'}`;
    found.push(changed('context_field_changed', name, 'contextField', said));
  }
  for (const [kind, role, now] of pairs(was.scopeRoles, is.scopeRoles)) {
    const field = `scopeRoles.${kind}`;
    if (role === undefined) found.push(changed('scope_kind_added', name, field, 'is new'));
    else if (now === undefined) found.push(changed('scope_kind_removed', name, field, 'is gone; tokens may hold it'));
    else if (role !== now) found.push(changed('scope_role_changed', name, field, `was ${role}, and is ${now}`));
  }
  return found;
}

/** What is said of a type besides its payload. */
function declarationChanges(type: string, was: TypeSnapshot, is: TypeSnapshot): CatalogueChange[] {
  const found: CatalogueChange[] = [];
  if (was.nativeType !== is.nativeType) {
    found.push(changed('native_type_changed', type, 'nativeType', `was ${was.nativeType}, and is ${is.nativeType}`));
  }
  if (was.kafkaTopic !== is.kafkaTopic) {
    const said = `was ${was.kafkaTopic}, and is ${is.kafkaTopic}; leave the first group in its place`;
    found.push(changed('kafka_topic_changed', type, 'groups', said));
  }
  for (const group of was.groups) {
    if (!is.groups.includes(group)) found.push(changed('group_removed', type, 'groups', `is in ${group} no longer`));
  }
  for (const group of is.groups) {
    if (!was.groups.includes(group)) found.push(changed('group_added', type, 'groups', `is in ${group} as well`));
  }
  for (const [code, field] of [
    ['subject_changed', 'subject'],
    ['scopes_changed', 'scopes'],
    ['outcome_changed', 'outcome'],
  ] as const) {
    const [before, after] = [canonicalJson(was[field] ?? 'none'), canonicalJson(is[field] ?? 'none')];
    if (before !== after) found.push(changed(code, type, field, `was ${before}, and is ${after}`));
  }
  return found;
}

/** A version's schema stands under an address that says the version, and is kept for ever by whoever asked for it. */
function versionChanges(type: string, was: TypeSnapshot, is: TypeSnapshot): CatalogueChange[] {
  if (is.version < was.version) {
    return [changed('version_lowered', type, 'version', `was ${was.version}, and is ${is.version}`)];
  }
  return Object.entries(was.versions).flatMap(([number, schema]) => {
    const version = Number(number);
    const now = is.versions[version];
    if (now === schema) return [];
    if (version === is.version) {
      const said = `is ${version} as before, but the payload has changed; raise it to ${version + 1}`;
      return [changed('version_not_raised', type, 'version', said)];
    }
    const field = `earlier.${version}`;
    if (now !== undefined) return [changed('former_version_changed', type, field, 'is another class than it was')];
    const said = 'has no schema any more; put the class as it was there, for events that are stored already';
    return [changed('former_version_lost', type, field, said)];
  });
}

function currentSchema({ schemas }: CatalogueSnapshot, { version, versions }: TypeSnapshot) {
  return schemas[versions[version] ?? ''] ?? {};
}

/** What either has by each name, those of the first one first. */
function pairs<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): [string, Value | undefined, Value | undefined][] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].map((name) => [name, ownOf(before, name), ownOf(after, name)]);
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
