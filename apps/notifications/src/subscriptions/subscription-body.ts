import { hyphenated, isJsonObject, parseUuid } from '@tidings/catalogue';
import { BodyMembers, demandStorable } from '../api/body-members.js';
import { filterProblem } from '../rules/filter-text.js';

/** What a request says of a subscription. Undefined: nothing. */
export interface SubscriptionMembers {
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Read by the destination's type. */
  readonly attributes: unknown;
  /** Null takes it away. */
  readonly filter: string | null | undefined;
}

/** A subscription that is asked for. */
export interface SubscriptionDraft extends SubscriptionMembers {
  readonly topicId: string;
  readonly destinationId: string;
}

const MEMBERS = ['name', 'description', 'attributes', 'filter'];

/** @throws {DomainError} `invalid_query`, field by field */
export function readSubscriptionDraft(json: unknown): SubscriptionDraft {
  const body = new BodyMembers(json, [...MEMBERS, 'topic_id', 'destination_id']);
  const topicId = idOf(body, 'topic_id', 'the id of a topic');
  const destinationId = idOf(body, 'destination_id', 'the id of a destination');
  body.requiredName();
  return { ...membersOf(json, body), topicId, destinationId };
}

/** @throws {DomainError} `invalid_query`, field by field */
export function readSubscriptionPatch(json: unknown): SubscriptionMembers {
  return membersOf(json, new BodyMembers(json, MEMBERS));
}

function membersOf(json: unknown, body: BodyMembers): SubscriptionMembers {
  const name = body.name();
  const description = body.description();
  const text = body.text('filter', 'the text of a filter, or null for none');
  const problem = text === undefined ? undefined : filterProblem(text);
  if (problem !== undefined) body.complain('filter', problem);
  const isTakenAway = text === '' || (isJsonObject(json) && json['filter'] === null);
  body.end();
  const attributes = body.value('attributes');
  demandStorable('attributes', attributes);
  return { name, description, attributes, filter: isTakenAway ? null : text };
}

function idOf(body: BodyMembers, member: string, what: string): string {
  const text = body.requiredText(member, what);
  const uuid = parseUuid(text);
  if (uuid === undefined && text !== '') body.complain(member, `must be ${what}`);
  return uuid === undefined ? '' : hyphenated(uuid);
}
