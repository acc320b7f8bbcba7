import { parseScopePattern } from '@tidings/access';
import type { Catalogue, ScopeRole } from '@tidings/catalogue';
import { SEARCH_TEXT_SEPARATOR } from '../ingest/search-text.js';
import { fieldCriteriaOf, typesIn, type FieldCriteria } from '../query/event-criteria.js';
import type { Choice, EventFilter } from '../query/event-filter.js';
import type { EventNames } from '../query/type-dictionary.js';
import type { Visible } from '../query/visible.js';
import { visibleTo } from '../query/visible-scopes.js';
import type { LiveRow } from './live-row.js';

/** Tells whether a row, whose type and source have these names, is one of those that a query would select. */
export type RowMatch = (row: LiveRow, names: EventNames) => boolean;

type RowTest = (row: LiveRow) => boolean;
type NamesTest = (names: EventNames) => boolean;

/**
 * Makes the test of a filter, and of what a caller may see, once for many rows. It knows names only, so that it stays
 * right whatever types and sources come later.
 */
export function rowMatch(filter: EventFilter, scopes: readonly string[], catalogue: Catalogue): RowMatch {
  const criteria = fieldCriteriaOf(filter, catalogue);
  if (criteria === undefined) return () => false;
  const ofNames = namesTests(filter, catalogue);
  const ofRow = rowTests(criteria);
  const visible = visibleTo(scopes, catalogue);
  const isVisible: RowMatch = visible === undefined ? () => true : visibleMatch(visible);
  return (row, names) =>
    ofNames.every((test) => test(names)) && isVisible(row, names) && ofRow.every((test) => test(row));
}

/** What belongs to whom in a role; null for nobody. */
export function ownerOf(row: LiveRow, role: ScopeRole): string | null {
  switch (role) {
    case 'tenant':
      return row.tenant;
    case 'project':
      return row.project;
    case 'actor':
      return row.actor;
  }
}

/** The systems, or the sites of systems, to which all that the scopes show belongs; undefined: it may be of any. */
export function placesOf(scopes: readonly string[]): readonly string[] | undefined {
  const places: string[] = [];
  for (const scope of scopes) {
    const pattern = parseScopePattern(scope);
    if (pattern === undefined) continue;
    if (pattern.system === undefined) return undefined;
    places.push(placeName(pattern.system, pattern.site));
  }
  return places;
}

/** How a system, or one site of it, is called among places. */
export function placeName(system: string, site?: string): string {
  return site === undefined ? system : `${system}:${site}`;
}

function namesTests(
  { types, groups, systems, sites, sources, scopes = [] }: EventFilter,
  catalogue: Catalogue,
): readonly NamesTest[] {
  const named =
    (set: ReadonlySet<string>): NamesTest =>
    ({ type, nativeType }) =>
      set.has(type) || set.has(nativeType);
  return [
    ...chosen(types, (choice) => named(new Set(choice))),
    ...chosen(groups, (choice) => named(new Set(typesIn(choice, catalogue)))),
    ...chosen(systems, (choice) => memberOf(choice, ({ system }) => system)),
    ...chosen(sites, (choice) => memberOf(choice, ({ site }) => site)),
    ...chosen(sources, (choice) => memberOf(choice, ({ source }) => source)),
    ...scopes.map(
      (scope): NamesTest =>
        ({ system, site }) =>
          scope.system === system && (scope.site === undefined || scope.site === site),
    ),
  ];
}

function memberOf(choice: readonly string[], field: (names: EventNames) => string): NamesTest {
  const set = new Set(choice);
  return (names) => set.has(field(names));
}

function chosen(
  { anyOf, noneOf }: Choice = {},
  testOf: (choice: readonly string[]) => NamesTest,
): readonly NamesTest[] {
  return [
    ...given(anyOf, testOf),
    ...given(noneOf, testOf).map(
      (test): NamesTest =>
        (names) =>
          !test(names),
    ),
  ];
}

function visibleMatch(visible: readonly Visible[]): RowMatch {
  const parts = visible.map(({ role, keys, system, site }): RowMatch => {
    const keySet = keys === undefined ? undefined : new Set(keys);
    const isOwned = (row: LiveRow): boolean => {
      if (role === undefined) return true;
      const owner = ownerOf(row, role);
      return owner !== null && (keySet === undefined || keySet.has(owner));
    };
    return (row, names) =>
      (system === undefined || system === names.system) && (site === undefined || site === names.site) && isOwned(row);
  });
  return (row, names) => parts.some((matches) => matches(row, names));
}

/** Cheap and selective ones first. */
function rowTests(criteria: FieldCriteria): readonly RowTest[] {
  const { firstId, endId, relatedUser, authMethod, conforming } = criteria;
  return [
    ...criteria.owners.map(
      ({ role, key }): RowTest =>
        (row) =>
          ownerOf(row, role) === key,
    ),
    ...given(
      relatedUser,
      (user): RowTest =>
        (row) =>
          row.actor === user || row.relatedUser === user,
    ),
    // Hex digits of one length and case stand in the order of the uuids.
    ...given(
      firstId,
      (id): RowTest =>
        (row) =>
          row.id >= id,
    ),
    ...given(
      endId,
      (id): RowTest =>
        (row) =>
          row.id < id,
    ),
    ...oneOf(criteria.subjects?.anyOf, ({ subject }) => subject),
    ...noneOf(criteria.subjects?.noneOf, ({ subject }) => subject),
    ...oneOf(criteria.outcomes?.anyOf, ({ outcome }) => outcome),
    ...noneOf(criteria.outcomes?.noneOf, ({ outcome }) => outcome),
    ...given(
      conforming,
      (wanted): RowTest =>
        (row) =>
          row.conforming === wanted,
    ),
    ...given(
      authMethod,
      (method): RowTest =>
        (row) =>
          row.authMethod === method,
    ),
    ...oneOf(criteria.personalToken, ({ personalToken }) => personalToken),
    ...given(
      criteria.message,
      (words): RowTest =>
        (row) =>
          containsAll(messageIn(row.searchText), words),
    ),
    ...given(
      criteria.text,
      (words): RowTest =>
        (row) =>
          containsAll(row.searchText, words),
    ),
  ];
}

function given<T, Test>(condition: T | undefined, test: (condition: T) => Test): readonly Test[] {
  return condition === undefined ? [] : [test(condition)];
}

function oneOf<T>(candidates: readonly T[] | undefined, field: (row: LiveRow) => T | null): readonly RowTest[] {
  return given(candidates, (list) => {
    const set = new Set(list);
    return (row: LiveRow) => {
      const value = field(row);
      return value !== null && set.has(value);
    };
  });
}

/** A row without the field is none of those that it must not be. */
function noneOf<T>(candidates: readonly T[] | undefined, field: (row: LiveRow) => T | null): readonly RowTest[] {
  return oneOf(candidates, field).map(
    (matches): RowTest =>
      (row) =>
        !matches(row),
  );
}

/** The searched text begins with the message. */
function messageIn(searchText: string | null): string | undefined {
  return searchText?.split(SEARCH_TEXT_SEPARATOR, 1)[0];
}

/** What has no text contains nothing. */
function containsAll(text: string | null | undefined, words: readonly string[]): boolean {
  return words.every((word) => text?.includes(word) === true);
}
