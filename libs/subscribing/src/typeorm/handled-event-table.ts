import { SubscribingError } from '../subscribing-error.js';

/** Where the handled events are written down; default `public.handled_event`. */
export interface HandledEventTableName {
  readonly schema?: string;
  readonly table?: string;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** The name as SQL takes it. @throws {SubscribingError} INVALID_OPTION */
export function tableName({ schema = 'public', table = 'handled_event' }: HandledEventTableName): string {
  for (const [option, name] of Object.entries({ schema, table })) {
    if (NAME.test(name)) continue;
    throw new SubscribingError('INVALID_OPTION', `${option} must be lower-case letters, digits and _, as in billing`);
  }
  return `"${schema}"."${table}"`;
}
