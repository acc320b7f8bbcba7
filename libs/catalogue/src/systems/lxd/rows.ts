import { event, type EventDefinition } from '../../definition.js';
import type { ContextKind } from './contexts.js';
import { lifecyclePayload, type LifecyclePayload } from './payloads.js';
import { lifecycleSentence } from './sentences.js';

/** What is acted on: operations keep the address that a life-cycle event about them has. */
export const LIFECYCLE_SUBJECT = 'metadata.source';

/** Whose event it is; LXD says it outside, older servers inside. */
export const SCOPES = { project: ['project', 'metadata.project'] } as const;

/** What happened, in the words that follow the entity's name. */
interface Row {
  /** "was created" */
  readonly says: string;
  readonly context?: ContextKind<object>;
}

type RowWith = Row | string;

type ContextOf<R> = R extends { readonly context: ContextKind<infer Context> } ? Context : object;

type LifecycleRows<Actions> = {
  [Action in keyof Actions & string as `lifecycle.${Action}`]: EventDefinition<
    LifecyclePayload<Action, ContextOf<Actions[Action]>>
  >;
};

/** An entity of LXD's API whose actions are declared together. */
interface Entity {
  /** Its family: it names the kafkaTopic. */
  readonly family: string;
  /** "an instance snapshot" */
  readonly title: string;
  /** The API path of one, for examples. */
  readonly path: string;
}

/** The rows of one entity's actions, by action. */
export function lifecycleRows<const Actions extends Readonly<Record<string, RowWith>>>(
  entity: Entity,
  actions: Actions,
): LifecycleRows<Actions> {
  const rows = Object.entries(actions).map(([action, row]) => {
    const { says, context }: Row = typeof row === 'string' ? { says: row } : row;
    return [`lifecycle.${action}`, lifecycleRow(entity, action, says, context)];
  });
  return Object.fromEntries(rows) as LifecycleRows<Actions>;
}

function lifecycleRow(
  entity: Entity,
  action: string,
  says: string,
  context: ContextKind<object> | undefined,
): EventDefinition<LifecyclePayload> {
  return event({
    summary: `${capitalised(entity.title)} ${says}`,
    version: 1,
    groups: [entity.family],
    subject: LIFECYCLE_SUBJECT,
    scopes: SCOPES,
    outcome: 'succeeded',
    message: (payload) => lifecycleSentence(payload, entity.title, says, context),
    payload: lifecyclePayload(action, context?.payload),
    example: {
      metadata: {
        action,
        source: entity.path,
        ...(context !== undefined && { context: context.example }),
        requestor: { username: 'root', protocol: 'unix', address: '@' },
      },
      location: 'node1',
      project: 'default',
    },
  });
}

function capitalised(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
