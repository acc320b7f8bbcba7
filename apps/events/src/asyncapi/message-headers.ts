import type { Schema } from '@tidings/openapi';

const TEXT = { type: 'string' } as const;

/** The headers that every event has on Kafka: CloudEvents 1.0 in binary mode. */
export const EVENT_HEADERS: Schema = {
  type: 'object',
  required: ['content-type', 'ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time'],
  properties: {
    'content-type': { ...TEXT, const: 'application/json' },
    ce_specversion: { ...TEXT, const: '1.0' },
    ce_id: { ...TEXT, minLength: 1, description: 'Unique within the source; the two are the identity of the event.' },
    ce_source: {
      ...TEXT,
      minLength: 1,
      description: 'Who says it: `/<system>/<site>`, or any URI reference.',
      examples: ['/lxd/rack1'],
    },
    ce_type: { ...TEXT, description: 'The name of the event type.' },
    ce_time: {
      ...TEXT,
      format: 'date-time',
      description: "The producer's own time, in its own precision.",
      examples: ['2026-11-02T08:01:53.204968Z'],
    },
    ce_subject: { ...TEXT, description: 'The entity acted on; the key of the message as well.' },
    ce_dataschema: {
      ...TEXT,
      description: 'Names the version of the payload; `/schemas/<dataschema>` has its schema.',
    },
    ce_traceparent: { ...TEXT, description: 'W3C trace context.' },
    ce_tracestate: { ...TEXT, description: 'W3C trace context.' },
    'tidings-origin': {
      ...TEXT,
      const: 'native',
      description: "The event was made from a system's own; its payload need not conform.",
    },
  },
};

/** What a native event has that could not be made into an event. */
export const RAW_NATIVE_HEADERS: Schema = {
  type: 'object',
  required: ['tidings-native', 'tidings-problem'],
  properties: {
    'tidings-native': { ...TEXT, description: 'Where it came from: `<system>/<site>`.' },
    'tidings-problem': { ...TEXT, description: 'Why it could not be made into an event.' },
  },
};

/** What a dead letter has besides the headers that it came with. */
export const DEAD_LETTER_HEADERS: Schema = {
  type: 'object',
  required: [
    'tidings-reason',
    'tidings-detail',
    'tidings-kafka-topic',
    'tidings-kafka-partition',
    'tidings-kafka-offset',
  ],
  properties: {
    'tidings-reason': { ...TEXT, description: 'Why it could not be kept, as a word.' },
    'tidings-detail': { ...TEXT, description: 'The same in a sentence.' },
    'tidings-kafka-topic': { ...TEXT, description: 'Where it lay.' },
    'tidings-kafka-partition': { ...TEXT, pattern: '^[0-9]+$' },
    'tidings-kafka-offset': { ...TEXT, pattern: '^[0-9]+$' },
  },
};
