import { invalidQuery } from '@tidings/runtime';
import { BodyMembers } from '../api/body-members.js';
import { ALL, filterProblem } from '../rules/filter-text.js';

const MAX_SOURCES = 100;
const MAX_RULES = 100;
/** `id` and `updated_at` come back from a topic that was read; an id keeps the rule's own. */
const RULE_MEMBERS = [
  ...['id', 'updated_at', 'enabled', 'event_type_filter', 'notification_filter', 'event_schedule_filter'],
];
/** `name` comes back from a topic that was read, and says nothing. */
const SOURCE_MEMBERS = ['id', 'name', 'rules'];

/** A rule that is asked for. */
export interface RuleDraft {
  readonly id: string | undefined;
  readonly enabled: boolean;
  readonly eventTypeFilter: string;
  readonly notificationFilter: string;
}

/** A source of a topic, with its rules; without any, all that it sends. */
export interface TopicSourceDraft {
  readonly id: string;
  readonly rules: readonly RuleDraft[];
}

/** A topic that is asked for. */
export interface TopicDraft {
  readonly name: string;
  readonly description: string;
  readonly sources: readonly TopicSourceDraft[];
}

/** @throws {DomainError} `invalid_query`, field by field */
export function readTopicDraft(json: unknown): TopicDraft {
  const body = new BodyMembers(json, ['name', 'description', 'sources']);
  const name = body.requiredName();
  const description = body.description() ?? '';
  const sources = body.array('sources', MAX_SOURCES) ?? [];
  body.end();
  return { name, description, sources: readSources(sources) };
}

/** What is left out stays as it is. @throws {DomainError} `invalid_query`, field by field */
export function readTopicReplacement(json: unknown): Partial<TopicDraft> {
  const body = new BodyMembers(json, ['name', 'description', 'sources']);
  const name = body.name();
  const description = body.description();
  const sources = body.array('sources', MAX_SOURCES);
  body.end();
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(sources !== undefined && { sources: readSources(sources) }),
  };
}

/** @param json `{rules}`, or nothing: all that the source sends. @throws {DomainError} `invalid_query` */
export function readSourceRules(json: unknown): readonly RuleDraft[] {
  const body = new BodyMembers(json ?? {}, ['rules']);
  const rules = body.array('rules', MAX_RULES) ?? [];
  body.end();
  return rules.map((rule, index) => readRule(rule, `rules[${index}]`));
}

function readSources(given: readonly unknown[]): readonly TopicSourceDraft[] {
  const sources = given.map((json, index) => readSource(json, `sources[${index}]`));
  const repeated = sources.find(({ id }, index) => sources.findIndex((one) => one.id === id) !== index);
  if (repeated !== undefined) {
    throw invalidQuery({ sources: [`has ${repeated.id} twice; put all of a source's rules in one entry`] });
  }
  return sources;
}

function readSource(json: unknown, field: string): TopicSourceDraft {
  const body = new BodyMembers(json, SOURCE_MEMBERS, field);
  const id = body.requiredText('id', 'the id of a source');
  const rules = body.array('rules', MAX_RULES) ?? [];
  body.end();
  return { id, rules: rules.map((rule, index) => readRule(rule, `${field}.rules[${index}]`)) };
}

function readRule(json: unknown, field: string): RuleDraft {
  const body = new BodyMembers(json, RULE_MEMBERS, field);
  const id = body.text('id', 'the id of a rule of this source');
  const enabled = body.flag('enabled') ?? true;
  if (body.has('event_schedule_filter')) {
    body.complain(
      'event_schedule_filter',
      'is not supported, as rules are about events and not about times; leave it out, and let whatever schedules your ' +
        'tasks PUT the rule with "enabled": false and true',
    );
  }
  const [eventTypeFilter, notificationFilter] = ['event_type_filter', 'notification_filter'].map((member) => {
    // An empty one passes everything, and comes back as it was given.
    const text = body.text(member, 'the text of a filter') ?? ALL;
    const problem = filterProblem(text);
    if (problem !== undefined) body.complain(member, problem);
    return text;
  });
  body.end();
  return { id, enabled, eventTypeFilter: eventTypeFilter ?? ALL, notificationFilter: notificationFilter ?? ALL };
}
