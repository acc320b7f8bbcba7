import { firstUuidAt, OUTCOMES, type Catalogue, type Outcome, type ScopeRole } from '@tidings/catalogue';
import { SEARCH_TEXT_SEPARATOR } from '../ingest/search-text.js';
import type { Choice, EventFilter, ScopeFilter } from './event-filter.js';
import { roleOf } from './scope-role.js';
import type { TypeDictionary } from './type-dictionary.js';
import type { VisibleRows } from './visible.js';
import { rowsVisible, visibleTo } from './visible-scopes.js';

/**
 * A filter in the terms of the store's columns: ids and keys as 32 hex digits, names as numbers, searched text in lower
 * case. The SQL of a query and the matching of live events are both made from it, so that they agree.
 */
export interface EventCriteria {
  /** The smallest id. */
  readonly firstId?: string;
  /** Above the largest id. */
  readonly endId?: string;
  /** Any of them; undefined: whichever. Systems, groups and negations are worked into it. */
  readonly typeIds?: readonly number[];
  /** Any of them; undefined: whichever. Sites and negations are worked into it. */
  readonly sourceIds?: readonly number[];
  readonly subjects?: Choice;
  /** As the column holds them: indices of OUTCOMES. */
  readonly outcomes?: Choice<number>;
  readonly conforming?: boolean;
  /** All of them hold. */
  readonly owners: readonly Owner[];
  /** The actor or the one affected. */
  readonly relatedUser?: string;
  /** Each is contained in the message. */
  readonly message?: readonly string[];
  /** Each is contained in the message or a value of the context. */
  readonly text?: readonly string[];
  readonly authMethod?: string;
  readonly personalToken?: readonly string[];
  /** At least one holds; undefined: the caller sees everything. */
  readonly visible?: readonly VisibleRows[];
}

/** What of the criteria no name of a type, a source or a system is needed for. */
export type FieldCriteria = Omit<EventCriteria, 'typeIds' | 'sourceIds' | 'visible'>;

/** Whom an event belongs to. */
export interface Owner {
  readonly role: ScopeRole;
  readonly key: string;
}

/** Ids hold 60 bits of microseconds around 1970: what lies beyond is before or after every event. */
const TIME_LIMIT = 1n << 59n;

/**
 * Says a filter, and what a caller may see, in the terms of the store.
 * @param scopes the caller's, see `parseScopePattern`
 * @param dictionary the types and sources that the store has seen
 * @returns undefined when no event can match
 */
export function criteriaOf(
  filter: EventFilter,
  scopes: readonly string[],
  dictionary: TypeDictionary,
  catalogue: Catalogue,
): EventCriteria | undefined {
  const fields = fieldCriteriaOf(filter, catalogue);
  const typeIds = typesOfOwners(typesChosen(filter, dictionary, catalogue), filter.scopes ?? [], dictionary);
  const sourceIds = sourcesChosen(filter, dictionary);
  const seen = visibleTo(scopes, catalogue);
  const visible = seen === undefined ? undefined : rowsVisible(seen, dictionary);
  if (fields === undefined || typeIds?.size === 0 || sourceIds?.size === 0 || visible?.length === 0) return undefined;
  return {
    ...fields,
    ...(typeIds !== undefined && typeIds.size < dictionary.size && { typeIds: [...typeIds] }),
    ...(sourceIds !== undefined && sourceIds.size < dictionary.sourceCount && { sourceIds: [...sourceIds] }),
    ...(visible !== undefined && { visible }),
  };
}

/**
 * The part of a filter that an event's own fields decide.
 * @returns undefined when no event can match
 */
export function fieldCriteriaOf(filter: EventFilter, catalogue: Catalogue): FieldCriteria | undefined {
  const { createdFrom, createdTo } = filter;
  if (createdFrom !== undefined && createdFrom >= TIME_LIMIT) return undefined;
  if (createdTo !== undefined && createdTo <= -TIME_LIMIT) return undefined;
  const owners = ownersIn(filter.scopes ?? [], catalogue);
  if (owners === undefined) return undefined;
  return {
    ...(createdFrom !== undefined && createdFrom > -TIME_LIMIT && { firstId: firstUuidAt(createdFrom) }),
    ...(createdTo !== undefined && createdTo < TIME_LIMIT && { endId: firstUuidAt(createdTo) }),
    ...(filter.subjects !== undefined && { subjects: filter.subjects }),
    ...(filter.outcomes !== undefined && { outcomes: outcomesChosen(filter.outcomes) }),
    ...(filter.conforming !== undefined && { conforming: filter.conforming }),
    owners,
    ...(filter.relatedUser !== undefined && { relatedUser: filter.relatedUser }),
    ...(filter.message !== undefined && { message: filter.message.map(searched) }),
    ...(filter.text !== undefined && { text: filter.text.map(searched) }),
    ...(filter.authMethod !== undefined && { authMethod: filter.authMethod }),
    ...(filter.personalToken !== undefined && { personalToken: filter.personalToken }),
  };
}

/** @returns undefined when a system has no such kind of scope */
function ownersIn(scopes: readonly ScopeFilter[], catalogue: Catalogue): Owner[] | undefined {
  const owners: Owner[] = [];
  for (const { system, kind, key } of scopes) {
    if (kind === undefined || key === undefined) continue;
    const role = roleOf(system, kind, catalogue);
    if (role === undefined) return undefined;
    owners.push({ role, key });
  }
  return owners;
}

function typesChosen(
  { types, groups, systems, scopes = [] }: EventFilter,
  dictionary: TypeDictionary,
  catalogue: Catalogue,
): ReadonlySet<number> | undefined {
  const inGroups = (names: readonly string[]) => dictionary.named(typesIn(names, catalogue));
  return narrowed(dictionary.typeIds, [
    chosen(types, (names) => dictionary.named(names)),
    chosen(groups, inGroups),
    chosen(systems, (names) => dictionary.ofSystems(names)),
    // A key is one system's only; a scope without one is all that its system has.
    ...scopes.map(({ system, kind }) => (kind === undefined ? { within: dictionary.ofSystems([system]) } : {})),
  ]);
}

/**
 * An owner's key is of one system: other systems' types cannot match, and all of its own say nothing besides. Left in,
 * they would have the database read everything that the owner has.
 */
function typesOfOwners(
  typeIds: ReadonlySet<number> | undefined,
  scopes: readonly ScopeFilter[],
  dictionary: TypeDictionary,
): ReadonlySet<number> | undefined {
  const systems = new Set(scopes.filter(({ key }) => key !== undefined).map(({ system }) => system));
  if (typeIds === undefined || systems.size === 0) return typeIds;
  let left = typeIds;
  for (const system of systems) {
    const own = dictionary.ofSystems([system]);
    left = new Set([...left].filter((id) => own.has(id)));
    if (systems.size === 1 && left.size > 0 && left.size === own.size) return undefined;
  }
  return left;
}

function sourcesChosen(
  { sites, sources, scopes = [] }: EventFilter,
  dictionary: TypeDictionary,
): ReadonlySet<number> | undefined {
  return narrowed(dictionary.sourceIds, [
    chosen(sources, (names) => dictionary.sourcesNamed(names)),
    chosen(sites, (names) => dictionary.ofSites(names)),
    ...scopes.map(({ site }) => (site === undefined ? {} : { within: dictionary.ofSites([site]) })),
  ]);
}

/** Numbers of which it must be one, and of which it must be none. */
interface Bounds {
  readonly within?: ReadonlySet<number>;
  readonly without?: ReadonlySet<number>;
}

function chosen(choice: Choice | undefined, numbersOf: (names: readonly string[]) => ReadonlySet<number>): Bounds {
  return {
    ...(choice?.anyOf !== undefined && { within: numbersOf(choice.anyOf) }),
    ...(choice?.noneOf !== undefined && { without: numbersOf(choice.noneOf) }),
  };
}

/** @returns undefined when nothing narrows */
function narrowed(all: () => Iterable<number>, bounds: readonly Bounds[]): ReadonlySet<number> | undefined {
  const within = bounds.flatMap((bound) => bound.within ?? []);
  const without = bounds.flatMap((bound) => bound.without ?? []);
  const [first, ...others] = within;
  if (first === undefined && without.length === 0) return undefined;
  const candidates = [...(first ?? all())];
  return new Set(
    candidates.filter((id) => others.every((set) => set.has(id)) && !without.some((excluded) => excluded.has(id))),
  );
}

function outcomesChosen({ anyOf, noneOf }: Choice<Outcome>): Choice<number> {
  const numberOf = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);
  return {
    ...(anyOf !== undefined && { anyOf: anyOf.map(numberOf) }),
    ...(noneOf !== undefined && { noneOf: noneOf.map(numberOf) }),
  };
}

/** The full names of the types in any of the groups. */
export function typesIn(groups: readonly string[], catalogue: Catalogue): string[] {
  return catalogue.systems().flatMap(({ name }) => {
    const ofSystem = catalogue.groups(name);
    return groups.flatMap((group) => (ofSystem.get(group) ?? []).map(({ type }) => type));
  });
}

/** As `searchTextOf` writes it. */
function searched(text: string): string {
  return text.toLowerCase().replaceAll(SEARCH_TEXT_SEPARATOR, ' ');
}
