import type { PipeTransform } from '@nestjs/common';
import { hyphenated, parseTime, parseUuid } from '@tidings/catalogue';
import { type ApiParameter, type DescribesQuery, UUID_PATTERN } from '@tidings/openapi';
import { invalidQuery, nearestName } from '@tidings/runtime';

export const DELIVERY_STATES = ['waiting', 'delivering', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Which deliveries are asked for. Whatever is missing does not narrow. */
export interface DeliveryFilter {
  readonly state?: DeliveryState;
  readonly destination_id?: string;
  readonly subscription_id?: string;
  /** The uuid that the query API shows. */
  readonly event_id?: string;
  readonly created_from?: Date;
  readonly created_to?: Date;
  readonly limit: number;
  /** The last delivery of the page before. */
  readonly cursor?: string;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;
// Empty is as good as missing, and hyphens may be left out.
const UUID = { type: 'string', pattern: `^$|${UUID_PATTERN}` };
const TIME = {
  anyOf: [
    { type: 'string', format: 'date-time' },
    { type: 'string', maxLength: 0 },
  ],
};
const EXAMPLE_ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

const PARAMETERS: readonly ApiParameter[] = [
  parameter('state', 'Only deliveries in this state.', { type: 'string', enum: [...DELIVERY_STATES, ''] }, 'failed'),
  parameter('destination_id', 'Only deliveries to this destination.', UUID, EXAMPLE_ID),
  parameter('subscription_id', 'Only deliveries to this subscription.', UUID, EXAMPLE_ID),
  parameter('event_id', 'Only deliveries of this event; its uuid, as the query API shows it.', UUID, EXAMPLE_ID),
  parameter('created_from', 'From this time on.', TIME, '2026-11-02T00:00:00Z'),
  parameter('created_to', 'Before this time.', TIME, '2026-11-03T00:00:00Z'),
  parameter(
    'limit',
    'How many entries at the most.',
    { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    DEFAULT_LIMIT,
  ),
  parameter('cursor', 'Where the page before ended: take the link `next` instead of making one.', UUID, EXAMPLE_ID),
];

function parameter(name: string, description: string, schema: object, example: string | number): ApiParameter {
  return { name, in: 'query', description, schema: schema as ApiParameter['schema'], example };
}

/** Reads which deliveries are asked for. @throws {DomainError} `invalid_query`, parameter by parameter */
export class DeliveryQuery implements PipeTransform<unknown, DeliveryFilter>, DescribesQuery {
  describeQuery(): readonly ApiParameter[] {
    return PARAMETERS;
  }

  transform(raw: unknown): DeliveryFilter {
    const reader = new ParameterReader((raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>);
    const state = reader.read('state', `must be one of ${DELIVERY_STATES.join(', ')}`, (text) =>
      DELIVERY_STATES.find((one) => one === text),
    );
    const ids = Object.fromEntries(
      ['destination_id', 'subscription_id', 'event_id', 'cursor'].flatMap((name) => {
        const id = reader.read(name, 'must be a uuid', parseUuid);
        return id === undefined ? [] : [[name, hyphenated(id)]];
      }),
    ) as Pick<DeliveryFilter, 'destination_id' | 'subscription_id' | 'event_id' | 'cursor'>;
    const from = reader.read('created_from', TIME_PROBLEM, dateOf);
    const to = reader.read('created_to', TIME_PROBLEM, dateOf);
    const limit = reader.read('limit', `must be a whole number from 1 to ${MAX_LIMIT}`, (text) => {
      const value = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
      return value >= 1 && value <= MAX_LIMIT ? value : undefined;
    });
    reader.end();
    return {
      ...ids,
      ...(state !== undefined && { state }),
      ...(from !== undefined && { created_from: from }),
      ...(to !== undefined && { created_to: to }),
      limit: limit ?? DEFAULT_LIMIT,
    };
  }
}

const TIME_PROBLEM = 'must be a time with its zone, for example 2026-11-02T08:00:00Z';

function dateOf(text: string): Date | undefined {
  const micros = parseTime(text);
  if (micros === undefined) return undefined;
  const date = new Date(Number(micros / 1_000n));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Reads parameters, and gathers what is wrong with them. */
class ParameterReader {
  private readonly problems: Record<string, string[]> = {};

  constructor(private readonly given: Readonly<Record<string, string | string[] | undefined>>) {
    const names = PARAMETERS.map(({ name }) => name);
    for (const name of Object.keys(given)
      .filter((one) => !names.includes(one))
      .slice(0, 10)) {
      const nearest = nearestName(name, names);
      this.problems[name] = [`is no parameter here${nearest === undefined ? '' : `; did you mean ${nearest}?`}`];
    }
  }

  read<T>(name: string, problem: string, parse: (text: string) => T | undefined): T | undefined {
    const text = [this.given[name] ?? []].flat().at(-1);
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.problems[name] = [problem];
    return value;
  }

  end(): void {
    if (Object.keys(this.problems).length > 0) throw invalidQuery(this.problems);
  }
}
