import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { BenchEvent } from './events.js';

export const RULES = 1_000;
export const TOPICS = 50;
const RULES_A_TOPIC = RULES / TOPICS;
/** So many rules of a hundred say of which type an event must be. */
const FIXING = 0.95;
/** How many projects such a rule takes, so that about every tenth event is delivered once. */
const PROJECTS_A_RULE = 28;

interface BenchRule {
  readonly eventTypeFilter: string;
  readonly notificationFilter: string;
}

/** As people write them: most fix a type and look at whose it is; the others look into every event and find nothing. */
export function usualRules(events: readonly BenchEvent[]): readonly BenchRule[] {
  const types = distinct(events.map(({ type }) => type.type));
  const projects = distinct(events.map(({ data }) => projectOf(data)));
  return Array.from({ length: RULES }, (_, index) => {
    if (index % RULES_A_TOPIC >= RULES_A_TOPIC * FIXING) return unindexableRule(index);
    const wanted = Array.from({ length: PROJECTS_A_RULE }, (__, step) => {
      const project = projects[(index * 7 + step * 131) % projects.length] ?? '';
      return `$.data.context.project_uuid == '${project}'`;
    });
    return {
      eventTypeFilter: `$.type == '${types[index % types.length] ?? ''}'`,
      notificationFilter: wanted.join(' || '),
    };
  });
}

/** Nothing that an index could use, and no two alike. */
export function unindexableRules(): readonly BenchRule[] {
  return Array.from({ length: RULES }, (_, index) => unindexableRule(index));
}

function unindexableRule(index: number): BenchRule {
  const patterns = [
    `$.data.context.resource_name =~ '^nobody-${index}-[0-9]+$'`,
    `$.data.context.resource_type != 'Nothing.${index}' && $.data.message =~ '(never|nowhere)-[0-9]{${1 + (index % 9)}}'`,
    `$.data.context.project_name =~ 'dallas-${index}|london-${index}'`,
    `$.data.context.customer_name > 'zzzz-${index}'`,
  ];
  return { eventTypeFilter: '$.*', notificationFilter: patterns[index % patterns.length] ?? '$.*' };
}

/** Configures one instance with these rules in the topics, each with a subscription. The schema has to be there. */
export async function configure(client: Client, rules: readonly BenchRule[]): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    'TRUNCATE notifications.instance, notifications.event, notifications.delivery, notifications.source_count CASCADE',
  );
  const instance = randomUUID();
  const destination = randomUUID();
  const source = 'bench:waldur';
  await client.query(`INSERT INTO notifications.instance (id, name, scopes) VALUES ($1, 'bench', '{*}')`, [instance]);
  await client.query(
    `INSERT INTO notifications.source (instance_id, id, system, name, type, enabled)
    VALUES ($1, $2, 'waldur', 'waldur', 'bench', true)`,
    [instance, source],
  );
  await client.query(
    `INSERT INTO notifications.destination (id, instance_id, name, type, config)
    VALUES ($1, $2, 'bench', 'webhook', '{}')`,
    [destination, instance],
  );
  for (let at = 0; at < TOPICS; at += 1) {
    const topic = randomUUID();
    await client.query('INSERT INTO notifications.topic (id, instance_id, name) VALUES ($1, $2, $3)', [
      topic,
      instance,
      `topic ${at}`,
    ]);
    await client.query(
      'INSERT INTO notifications.topic_source (topic_id, instance_id, source_id, position) VALUES ($1, $2, $3, 0)',
      [topic, instance, source],
    );
    const ofTopic = rules.slice(at * RULES_A_TOPIC, (at + 1) * RULES_A_TOPIC);
    await client.query(
      `INSERT INTO notifications.rule (id, topic_id, source_id, position, enabled, event_type_filter,
        notification_filter)
      SELECT gen_random_uuid(), $1, $2, position, true, type_filter, rest
      FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS r (type_filter, rest, position)`,
      [
        topic,
        source,
        ofTopic.map(({ eventTypeFilter }) => eventTypeFilter),
        ofTopic.map(({ notificationFilter }) => notificationFilter),
      ],
    );
    await client.query(
      `INSERT INTO notifications.subscription (id, instance_id, name, topic_id, destination_id, attributes)
      VALUES (gen_random_uuid(), $1, $2, $3, $4, '{}')`,
      [instance, `subscription ${at}`, topic, destination],
    );
  }
  await client.query('UPDATE notifications.configuration SET version = version + 1');
  await client.query('COMMIT');
}

function projectOf(data: BenchEvent['data']): string {
  return (data['context'] as { project_uuid: string }).project_uuid;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
