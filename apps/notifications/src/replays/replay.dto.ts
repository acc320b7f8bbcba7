import { applyDecorators } from '@nestjs/common';
import { isJsonObject } from '@tidings/catalogue';
import { AnyField, ChoiceField, IntegerField, Satisfies, TextField, TimeField } from '@tidings/openapi';
import { EXAMPLE, IdField, InstancePath, PathIdField, storageProblem } from '../api/admin-fields.js';
import type { ReplayQuery, StoredReplay } from './replay.repository.js';

const MAX_PARAMETERS = 50;
/** They would change the answer's form, or its beginning. */
const NOT_HERE: ReadonlySet<string> = new Set(['page', 'page_size', 'field', 'cursor']);
const QUERY = { type: 'object', minProperties: 1 };
const QUERY_DESCRIPTION = 'Parameters of `GET /api/events/`, each a text or an array of texts.';
const QUERY_EXAMPLE = { event_type: 'instance-created' };

export class ReplayPath extends InstancePath {
  @PathIdField('The replay’s id.')
  id!: string;
}

/** Which stored events are to be sent once more. */
export class ReplayDraft {
  @ReplayQueryField()
  query!: ReplayQuery;
}

export class Replay {
  @IdField()
  id!: string;

  @IdField()
  subscription_id!: string;

  @AnyField(QUERY, { description: QUERY_DESCRIPTION, example: QUERY_EXAMPLE })
  query!: ReplayQuery;

  @ChoiceField(['running', 'done', 'cancelled', 'failed'], { example: 'running' })
  state!: string;

  @TextField({ nullable: true, example: null })
  problem!: string | null;

  @IntegerField({
    description: 'How many stored events that the instance may see have been looked at.',
    minimum: 0,
    example: 200,
  })
  found!: number;

  @IntegerField({ description: 'How many of them the subscription takes.', minimum: 0, example: 180 })
  queued!: number;

  @IntegerField({ minimum: 0, example: 120 })
  delivered!: number;

  @IntegerField({ minimum: 0, example: 0 })
  failed!: number;

  @IntegerField({ minimum: 0, example: 0 })
  cancelled!: number;

  @IntegerField({ minimum: 0, example: 60 })
  waiting!: number;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;

  @TextField({ nullable: true, example: null })
  ended_at!: string | null;
}

/** A replay as answers show it. @param progress how many of its deliveries are in each state */
export function replayView(replay: StoredReplay, progress: Readonly<Record<string, number>>): Replay {
  const { delivered = 0, failed = 0, cancelled = 0, waiting = 0, leased = 0 } = progress;
  return {
    id: replay.id,
    subscription_id: replay.subscription_id,
    query: replay.query,
    state: replay.state,
    problem: replay.problem,
    found: Number(replay.found),
    queued: Number(replay.queued),
    delivered,
    failed,
    cancelled,
    waiting: waiting + leased,
    created_at: replay.created_at.toISOString(),
    ended_at: replay.ended_at?.toISOString() ?? null,
  };
}

/** As they stand in a URL. */
export function parametersOf(query: ReplayQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const text of [value].flat()) parameters.append(name, text);
  }
  return parameters;
}

function ReplayQueryField(): PropertyDecorator {
  return applyDecorators(
    AnyField(QUERY, { description: QUERY_DESCRIPTION, example: QUERY_EXAMPLE }),
    Satisfies((query) => queryProblem(query)),
  );
}

function queryProblem(query: unknown): string | undefined {
  if (!isJsonObject(query) || Object.keys(query).length === 0 || Object.keys(query).length > MAX_PARAMETERS) {
    return 'must be parameters of GET /api/events/, for example {"event_type": "instance-created", "created_from": "1793606400"}';
  }
  const taken = Object.keys(query).find((name) => NOT_HERE.has(name));
  if (taken !== undefined) return `must not have ${taken}: a replay takes everything that the query finds`;
  const wrong = Object.entries(query).find(([, value]) => ![value].flat().every((text) => typeof text === 'string'));
  if (wrong !== undefined) return `must have texts, or arrays of texts: ${wrong[0].slice(0, 64)} is neither`;
  return storageProblem(query);
}
