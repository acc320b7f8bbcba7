import { event, type EventDefinition, type Outcome, type PayloadClass } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import { isJsonObject } from '../../json.js';
import type { WaldurGroup } from './groups.js';
import { payloadWith, type WaldurPayload } from './payloads.js';

/** Whom an event belongs to. The same for all of them, because Waldur's clients filter by these keys of any context. */
export const WALDUR_SCOPES = {
  customer: 'context.customer_uuid',
  project: 'context.project_uuid',
  user: 'context.user_uuid',
} as const;

/** Some entity or other that the event is of, where the one acted on is not told: narrowest first. */
export const WIDER_SUBJECTS = [
  'context.project_uuid',
  'context.customer_uuid',
  'context.affected_user_uuid',
  'context.user_uuid',
] as const;

/** Event types that are about one kind of entity and have the same context. */
interface Family<Context extends object> {
  /** The kind of entity, with its article: every sentence begins with it. */
  readonly entity: string;
  /**
   * The home first. A type in several groups lives where its entity is the main thing, so that all that happens to one
   * entity is in one kafkaTopic, in order: credits with the credits rather than the customers and invoices that are
   * affected, keys with ssh rather than users, marketplace resources and robot accounts with the resources rather than
   * with the providers, who only watch them.
   */
  readonly groups: readonly [home: WaldurGroup, ...others: WaldurGroup[]];
  /** The entity acted on, in the order of preference. */
  readonly subject: readonly string[];
  /** How people call the entity, in the order of preference. */
  readonly names: readonly string[];
  readonly context: PayloadClass<Context>;
  readonly example: Context;
  /** What the context says besides when the action failed. */
  readonly failure?: Partial<Context>;
}

type Row<Context extends object> = (predicate: string, outcome?: Outcome) => EventDefinition<WaldurPayload<Context>>;

/**
 * Declares a family.
 * @returns what makes one row of it: the predicate ends the sentence that the family's entity begins; the outcome is
 * `succeeded` unless the type's name says otherwise, for Waldur names its types by what has happened
 */
export function family<Context extends object>(declared: Family<Context>): Row<Context> {
  const payload = payloadWith(declared.context);
  const name = fieldReader(declared.names);
  const subject = [...new Set([...declared.subject, ...WIDER_SUBJECTS])];
  return (predicate, outcome = 'succeeded') => {
    const summary = `${declared.entity} ${predicate}`;
    const say = (data: unknown): string => {
      const called = textOf(name(data));
      return called === undefined ? `${summary}.` : `${declared.entity} (${called}) ${predicate}.`;
    };
    const context = outcome === 'failed' ? { ...declared.example, ...declared.failure } : declared.example;
    return event({
      summary,
      version: 1,
      groups: declared.groups,
      subject,
      scopes: WALDUR_SCOPES,
      outcome,
      message: (data) => saidBy(data) ?? say(data),
      payload,
      example: { message: say({ context }), context },
    });
  };
}

/** Waldur's own line, where there is one. */
export function saidBy(data: unknown): string | undefined {
  const message = isJsonObject(data) ? data['message'] : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}
