/**
 * IBM Cloud has two names for each type: the CloudEvents type ends in `instance:create`, and the event inside says
 * `resource-controller.instance.create`. One family is spelled with a capital inside only.
 */
export const TYPE_PREFIX = 'com.ibm.cloud.resource-lifecycle-events.';

const INNER_PREFIX = 'resource-controller.';
const CAPITALISED = { resource_group: 'Resource_group' } as const;

type InnerFamily<Family extends string> = Family extends keyof typeof CAPITALISED
  ? (typeof CAPITALISED)[Family]
  : Family;

/** The inner name of a type's key. */
export type InnerType<Key extends string> = Key extends `${infer Family}:${infer SubType}`
  ? `resource-controller.${InnerFamily<Family>}.${SubType}`
  : Key;

/** `instance:create` → `resource-controller.instance.create`; a key of another form is its own inner name. */
export function innerType<const Key extends string>(key: Key): InnerType<Key> {
  const colon = key.indexOf(':');
  if (colon < 0) return key as unknown as InnerType<Key>;
  const family = key.slice(0, colon);
  const inner = Object.hasOwn(CAPITALISED, family) ? CAPITALISED[family as keyof typeof CAPITALISED] : family;
  return `${INNER_PREFIX}${inner}.${key.slice(colon + 1)}` as InnerType<Key>;
}

/**
 * `resource-controller.instance.create` → `instance:create`. A name of another form stays as it is, except for the case
 * of its family: `Resource_group:create` → `resource_group:create`.
 */
export function keyOfInner(inner: string): string {
  const isInner = inner.startsWith(INNER_PREFIX);
  const [family, ...subType] = isInner ? inner.slice(INNER_PREFIX.length).split('.') : inner.split(':');
  if (family === undefined || subType.length === 0) return inner;
  return `${family.toLowerCase()}:${subType.join(isInner ? '.' : ':')}`;
}
