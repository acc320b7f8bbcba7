import { hyphenated } from '@tidings/catalogue';
import type { EventCriteria } from './event-criteria.js';
import type { Choice } from './event-filter.js';
import type { Values } from './statement.js';

/** The conditions, ANDed, of everything but what takes branches: the related user, and what the caller may see. */
export function conditionsOf(criteria: EventCriteria, values: Values): string[] {
  const { typeIds, sourceIds, subjects, outcomes, personalToken } = criteria;
  return [
    // Bounds of the id rather than of the time: the id is what the table is partitioned and indexed by.
    ...(criteria.firstId === undefined ? [] : [`id >= ${values.add(hyphenated(criteria.firstId))}`]),
    ...(criteria.endId === undefined ? [] : [`id < ${values.add(hyphenated(criteria.endId))}`]),
    ...(typeIds === undefined ? [] : [oneOf('type_id', 'integer', typeIds, values)]),
    ...(sourceIds === undefined ? [] : [oneOf('source_id', 'integer', sourceIds, values)]),
    ...(subjects?.anyOf === undefined
      ? []
      : [oneOf(INDEXED_SUBJECT, 'text', subjects.anyOf.map(indexedSubject), values)]),
    ...choice('subject', 'text', subjects, values),
    ...choice('outcome', 'smallint', outcomes, values),
    ...(criteria.conforming === undefined ? [] : [criteria.conforming ? 'conforming' : 'NOT conforming']),
    ...criteria.owners.map(({ role, key }) => `${role} = ${values.add(hyphenated(key))}`),
    ...(personalToken === undefined ? [] : [oneOf('personal_token', 'text', personalToken, values)]),
    ...(criteria.authMethod === undefined ? [] : [`auth_method = ${values.add(criteria.authMethod)}`]),
    ...(criteria.message ?? []).flatMap((text) => {
      const pattern = values.add(containing(text));
      // The first is what the index serves, the second narrows it to the message. Not by LIKE: of that the planner would
      // expect hardly any row, and so read every row of a frequent word to sort them.
      return [`search_text LIKE ${pattern}`, `strpos(split_part(search_text, U&'\\001F', 1), ${values.add(text)}) > 0`];
    }),
    ...(criteria.text ?? []).map((text) => `search_text LIKE ${values.add(containing(text))}`),
  ];
}

/** What of a subject is indexed; the index's expression, word for word. */
const INDEXED_SUBJECT_CHARACTERS = 128;
const INDEXED_SUBJECT = `left(subject, ${INDEXED_SUBJECT_CHARACTERS})`;

/** PostgreSQL counts characters, JavaScript units of UTF-16. */
function indexedSubject(subject: string): string {
  return [...subject].slice(0, INDEXED_SUBJECT_CHARACTERS).join('');
}

/** A list of one is said as an equality: only then does an index on the column and the id give the order of the ids. */
export function oneOf(column: string, type: string, candidates: readonly unknown[], values: Values): string {
  const [only] = candidates;
  if (candidates.length === 1) return `${column} = ${values.add(only)}`;
  return `${column} = ANY(${values.add(candidates)}::${type}[])`;
}

/** A row without the field is none of those that it must not be. */
function choice(
  column: string,
  type: string,
  { anyOf, noneOf }: Choice<string | number> = {},
  values: Values,
): string[] {
  return [
    ...(anyOf === undefined ? [] : [oneOf(column, type, anyOf, values)]),
    ...(noneOf === undefined ? [] : [`(${oneOf(column, type, noneOf, values)}) IS NOT TRUE`]),
  ];
}

/** A pattern of LIKE for texts that contain this one literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
