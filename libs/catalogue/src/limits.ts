/**
 * Every limit that input from outside meets, in one place: docs/LIMITS.md is written from this table, and a test compares
 * the two. A limit is here so that whoever reads something and whoever writes it agree on it.
 */
export interface Limit {
  /** The largest value that is taken. */
  readonly value: number;
  readonly unit: 'bytes' | 'levels' | 'entries' | 'characters' | 'milliseconds';
  /** What is limited, as the documentation says it. */
  readonly of: string;
  /** What happens beyond it, as the documentation says it. */
  readonly beyond: string;
}

const limit = (value: number, unit: Limit['unit'], of: string, beyond: string): Limit => ({ value, unit, of, beyond });

const REFUSED_EVENT = 'HTTP: 422 with the attribute; Kafka: dead letter';

/** An event, whichever way it comes in: HTTP, Kafka, or a send. */
export const EVENT_LIMITS = {
  attributeBytes: limit(2_048, 'bytes', 'a context attribute other than an extension', REFUSED_EVENT),
  extensions: limit(64, 'entries', 'extension attributes of an event', REFUSED_EVENT),
  extensionBytes: limit(
    65_536,
    'bytes',
    'the extension attributes of an event, names and values together',
    REFUSED_EVENT,
  ),
  extensionName: limit(64, 'characters', "an extension attribute's name", REFUSED_EVENT),
  depth: limit(
    500,
    'levels',
    "arrays and objects within each other in an event's data",
    'HTTP: 422; Kafka: dead letter',
  ),
} as const satisfies Readonly<Record<string, Limit>>;
