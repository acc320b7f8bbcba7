import type { MatchedEvent } from './batch-load.js';

/**
 * The common table expression that keeps events from which deliveries are made, once each, in the order of their keys so
 * that two statements never wait for each other. Its values are the statement's first eight ({@link keptEventValues}).
 */
export const KEEP_EVENTS = `kept AS (
    INSERT INTO notifications.event (key, id, type, source, subject, time, kafka_key, body)
    SELECT key, id, type, source, subject, timestamptz 'epoch' + micros * interval '1 microsecond', kafka_key, body
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
      AS e (key, id, type, source, subject, micros, kafka_key, body)
    ORDER BY key
    ON CONFLICT (key) DO NOTHING
  )`;

/** The values of {@link KEEP_EVENTS}, an array a column. */
export function keptEventValues(events: readonly MatchedEvent[]): readonly (readonly (string | null)[])[] {
  return [
    events.map(({ key }) => key),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ source }) => source),
    events.map(({ subject }) => subject ?? null),
    events.map(({ micros }) => String(micros)),
    events.map(({ kafkaKey }) => kafkaKey ?? null),
    events.map(({ body }) => body),
  ];
}
