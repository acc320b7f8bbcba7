import { BodyMembers } from '../api/body-members.js';
import type { SourceMembers } from './source.repository.js';

/** `store_notifications` is IBM's, and kept for its clients: here every event is stored, so that it changes nothing. */
const MEMBERS = ['name', 'description', 'enabled', 'store_notifications'];

/** @throws {DomainError} `invalid_query`, field by field */
export function readSourceDraft(json: unknown): SourceMembers {
  const body = new BodyMembers(json, MEMBERS);
  const name = body.requiredName();
  const description = body.description() ?? '';
  const enabled = body.flag('enabled') ?? true;
  const storeNotifications = body.flag('store_notifications') ?? false;
  body.end();
  return { name, description, enabled, store_notifications: storeNotifications };
}

/** @throws {DomainError} `invalid_query`, field by field */
export function readSourcePatch(json: unknown): Partial<SourceMembers> {
  const body = new BodyMembers(json, MEMBERS);
  const name = body.name();
  const description = body.description();
  const enabled = body.flag('enabled');
  const storeNotifications = body.flag('store_notifications');
  body.end();
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(storeNotifications !== undefined && { store_notifications: storeNotifications }),
  };
}
