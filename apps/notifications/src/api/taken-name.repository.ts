import { DomainError } from '@tidings/runtime';
import type { Queryable } from '../configuration/configuration-changes.store.js';

const TABLES = {
  source: 'notifications.source',
  topic: 'notifications.topic',
  destination: 'notifications.destination',
  subscription: 'notifications.subscription',
  template: 'notifications.template',
} as const;

export type NamedResource = keyof typeof TABLES;

/**
 * Makes sure that nothing else of the kind has the name in the instance. Nobody can take it before the change is over.
 * @param own the id of what may have it
 * @throws {DomainError} `conflict`
 */
export async function demandFreeName(
  on: Queryable,
  kind: NamedResource,
  instanceId: string,
  name: string,
  own = '',
): Promise<void> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT id::text AS id FROM ${TABLES[kind]} WHERE instance_id = $1 AND name = $2 AND id::text <> $3`,
    [instanceId, name, own],
  );
  const [taker] = rows;
  if (taker !== undefined) throw nameTaken(kind, name, taker.id);
}

/** @param id of what has the name: a client whose first answer was lost finds what it made by it */
export function nameTaken(kind: NamedResource | 'instance', name: string, id: string): DomainError<'conflict'> {
  const reason = `name: a ${kind} is called "${name}" already, and has the id ${id}; use it, or choose another name.`;
  return new DomainError('conflict', { reason });
}
