import { ValidationPipe } from '@nestjs/common';
import { invalidQuery } from '@tidings/runtime';
import { ValidateIf, type ValidationError } from 'class-validator';

/** A name of a resource, for JSON Schema, too: 1 to 180 characters, none of control, and no space at its ends. */
export const NAME_PATTERN =
  '^[^\\u0000-\\u0020\\u007f-\\u00a0]([^\\u0000-\\u001f\\u007f-\\u009f]{0,178}[^\\u0000-\\u0020\\u007f-\\u00a0])?$';
export const NAME = new RegExp(NAME_PATTERN, 'u');
export const NAME_RULE = 'must be 1 to 180 printable characters without spaces at its ends';

/** A member that may be missing; null is not as good as that. */
export const MayBeMissing = () => ValidateIf((_body: object, value: unknown) => value !== undefined);

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
