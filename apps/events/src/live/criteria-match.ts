import type { ScopeRole } from '@tidings/catalogue';
import { SEARCH_TEXT_SEPARATOR } from '../ingest/search-text.js';
import type { EventCriteria, Visible } from '../query/event-criteria.js';
import type { LiveRow } from './live-row.js';

/** Tells whether a row is one of those that the same criteria's SQL would select. */
export type CriteriaMatch = (row: LiveRow) => boolean;

/** Makes the test of criteria once, for many rows: without a condition there is nothing to look at. */
export function criteriaMatch(criteria: EventCriteria): CriteriaMatch {
  const tests = testsOf(criteria);
  return (row) => tests.every((test) => test(row));
}

/** Cheap and selective ones first. */
function testsOf(criteria: EventCriteria): readonly CriteriaMatch[] {
  const { firstId, endId, relatedUser, authMethod, conforming, visible } = criteria;
  return [
    ...criteria.owners.map(
      ({ role, key }): CriteriaMatch =>
        (row) =>
          ownerOf(row, role) === key,
    ),
    ...oneOf(criteria.typeIds, ({ typeId }) => typeId),
    ...oneOf(criteria.sourceIds, ({ sourceId }) => sourceId),
    ...given(relatedUser, (user) => (row) => row.actor === user || row.relatedUser === user),
    ...given(visible, visibleMatch),
    // Hex digits of one length and case stand in the order of the uuids.
    ...given(firstId, (id) => (row) => row.id >= id),
    ...given(endId, (id) => (row) => row.id < id),
    ...oneOf(criteria.subjects?.anyOf, ({ subject }) => subject),
    ...noneOf(criteria.subjects?.noneOf, ({ subject }) => subject),
    ...oneOf(criteria.outcomes?.anyOf, ({ outcome }) => outcome),
    ...noneOf(criteria.outcomes?.noneOf, ({ outcome }) => outcome),
    ...given(conforming, (wanted) => (row) => row.conforming === wanted),
    ...given(authMethod, (method) => (row) => row.authMethod === method),
    ...oneOf(criteria.personalToken, ({ personalToken }) => personalToken),
    ...given(criteria.message, (words) => (row) => containsAll(messageIn(row.searchText), words)),
    ...given(criteria.text, (words) => (row) => containsAll(row.searchText, words)),
  ];
}

/** What belongs to whom in a role; undefined for nobody. */
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

function visibleMatch(visible: readonly Visible[]): CriteriaMatch {
  const parts = visible.map(partMatch);
  return (row) => parts.some((matches) => matches(row));
}

/** Something that is not bounded at all would be everything. */
function partMatch({ role, keys, typeIds, sourceIds }: Visible): CriteriaMatch {
  const tests = [
    ...given(
      role,
      (of): CriteriaMatch =>
        (row) =>
          ownerOf(row, of) !== null,
    ),
    ...(role === undefined ? [] : oneOf(keys, (row) => ownerOf(row, role))),
    ...oneOf(typeIds, ({ typeId }) => typeId),
    ...oneOf(sourceIds, ({ sourceId }) => sourceId),
  ];
  return tests.length === 0 ? () => false : (row) => tests.every((test) => test(row));
}

function given<T>(condition: T | undefined, match: (condition: T) => CriteriaMatch): readonly CriteriaMatch[] {
  return condition === undefined ? [] : [match(condition)];
}

function oneOf<T>(candidates: readonly T[] | undefined, field: (row: LiveRow) => T | null): readonly CriteriaMatch[] {
  return given(candidates, (list) => {
    const set = new Set(list);
    return (row) => {
      const value = field(row);
      return value !== null && set.has(value);
    };
  });
}

/** A row without the field is none of those that it must not be. */
function noneOf<T>(candidates: readonly T[] | undefined, field: (row: LiveRow) => T | null): readonly CriteriaMatch[] {
  return oneOf(candidates, field).map(
    (matches): CriteriaMatch =>
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
