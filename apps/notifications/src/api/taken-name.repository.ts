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
  const { rowCount } = await on.query(
    `SELECT 1 FROM ${TABLES[kind]} WHERE instance_id = $1 AND name = $2 AND id::text <> $3`,
    [instanceId, name, own],
  );
  if (rowCount === 0) return;
  throw nameTaken(kind, name);
}

export function nameTaken(kind: NamedResource | 'instance', name: string): DomainError<'conflict'> {
  return new DomainError('conflict', { reason: `name: a ${kind} is called "${name}" already; choose another name.` });
}
