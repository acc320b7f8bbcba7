import { ValidationPipe } from '@nestjs/common';
import { invalidQuery } from '@tidings/runtime';
import type { ValidationError } from 'class-validator';

/** A name of a resource: what PostgreSQL's text can hold, and nobody has to look at twice. */
export const NAME = /^[^\p{Cc}\p{Cs}\p{Z}](?:[^\p{Cc}\p{Cs}]{0,178}[^\p{Cc}\p{Cs}\p{Z}])?$/u;
export const NAME_RULE = 'must be 1 to 180 printable characters without spaces at its ends';

/** Checks a body by its class. @throws {DomainError} `invalid_query`, field by field */
export const RESOURCE_BODY = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  exceptionFactory: (errors: ValidationError[]) =>
    invalidQuery(
      Object.fromEntries(errors.map(({ property, constraints = {} }) => [property, problemsOf(constraints)])),
    ),
});

function problemsOf(constraints: Readonly<Record<string, string>>): readonly string[] {
  if ('whitelistValidation' in constraints) return ['is not known here'];
  return Object.values(constraints);
}
