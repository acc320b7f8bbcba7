import type { PipeTransform } from '@nestjs/common';
import type { ApiParameter, DescribesQuery } from '@tidings/openapi';
import { invalidQuery } from '@tidings/runtime';

const DEFAULT_HOURS = 24;
const MAX_HOURS = 24 * 31;

const HOURS: ApiParameter = {
  name: 'hours',
  in: 'query',
  description: 'How many hours back, the present one among them.',
  schema: { type: 'integer', minimum: 1, maximum: MAX_HOURS, default: DEFAULT_HOURS },
  example: DEFAULT_HOURS,
};

/** Reads for how long metrics are asked. @throws {DomainError} `invalid_query` */
export class HoursQuery implements PipeTransform<unknown, number>, DescribesQuery {
  describeQuery(): readonly ApiParameter[] {
    return [HOURS];
  }

  transform(raw: unknown): number {
    const given = (raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
    const unknown = Object.keys(given).find((name) => name !== '' && name !== HOURS.name);
    if (unknown !== undefined) throw invalidQuery({ [unknown]: ['is no parameter here; there is hours'] });
    const text = [given['hours'] ?? []].flat().at(-1) ?? '';
    if (text === '') return DEFAULT_HOURS;
    const hours = /^[0-9]{1,4}$/.test(text) ? Number(text) : NaN;
    if (hours >= 1 && hours <= MAX_HOURS) return hours;
    throw invalidQuery({ hours: [`must be a whole number from 1 to ${MAX_HOURS}`] });
  }
}
