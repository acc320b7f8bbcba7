import { event, type EventDefinition, type Outcome } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import { exampleOf } from './example.js';
import { SUBJECT } from './native.js';
import { innerType, type InnerType } from './names.js';
import { resourceLifecyclePayload, type ResourceLifecyclePayload } from './payloads.js';

/** Whose event it is. */
export const SCOPES = { account: 'account_id' } as const;

/** What happened to the entity, and how it ended where the sub-type's name says so. */
type Row = string | readonly [predicate: string, outcome: Outcome];

type LifecycleRows<Family extends string, SubTypes> = {
  [SubType in keyof SubTypes & string as `${Family}:${SubType}`]: EventDefinition<
    ResourceLifecyclePayload<InnerType<`${Family}:${SubType}`>>
  >;
};

/**
 * The rows of one family.
 * @param entity what it is about, with its article: the subject of every sentence
 * @param subTypes the rest of the sentence, by sub-type
 */
export function lifecycleRows<const Family extends string, const SubTypes extends Readonly<Record<string, Row>>>(
  family: Family,
  entity: string,
  subTypes: SubTypes,
): LifecycleRows<Family, SubTypes> {
  const rows = Object.entries(subTypes).map(([subType, row]) => {
    const [predicate, outcome] = typeof row === 'string' ? [row] : row;
    return [`${family}:${subType}`, lifecycleRow(family, subType, entity, predicate, outcome)] as const;
  });
  return Object.fromEntries(rows) as LifecycleRows<Family, SubTypes>;
}

function lifecycleRow(
  family: string,
  subType: string,
  entity: string,
  predicate: string,
  outcome?: Outcome,
): EventDefinition<ResourceLifecyclePayload> {
  const nativeType = innerType(`${family}:${subType}`);
  return event({
    summary: `${entity} ${predicate}`,
    version: 1,
    groups: [family],
    subject: SUBJECT,
    scopes: SCOPES,
    // The name comes before the activity's own outcome: IBM says "success" of a step that is still under way.
    outcome: outcome ?? { of: (payload) => activityOutcome(payload) ?? 'succeeded' },
    message: (payload) => said(payload, entity, predicate),
    payload: resourceLifecyclePayload(nativeType),
    example: exampleOf(nativeType, family, subType, outcome),
  });
}

const readMessage = fieldReader('context.activity.message');
const readOutcome = fieldReader('context.activity.outcome');
const readName = fieldReader(['event_properties.name', 'context.activity.target_name', SUBJECT]);

/** IBM's own line, or one made of the entity's name. */
export function said(data: object, entity: string, predicate: string): string {
  const message = textOf(readMessage(data));
  if (message !== undefined) return message;
  const name = textOf(readName(data));
  return name === undefined ? `${entity} ${predicate}.` : `${entity} (${name}) ${predicate}.`;
}

const OUTCOMES_SAID: ReadonlyMap<string, Outcome> = new Map([
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['pending', 'in_progress'],
]);

/** How the activity says that it ended. */
export function activityOutcome(data: object): Outcome | undefined {
  return OUTCOMES_SAID.get(textOf(readOutcome(data))?.toLowerCase() ?? '');
}
