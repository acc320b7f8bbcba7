import { ValidateBy, type ValidationOptions } from 'class-validator';
import { objectNamed, parseScope } from './scope-parameter.js';

/** A scope, or the URL of an object that is one: see {@link parseScope}. */
export const IsScope = (options?: ValidationOptions) =>
  ValidateBy(
    {
      name: 'scope',
      validator: {
        validate: (value) =>
          typeof value === 'string' && (parseScope(value) !== undefined || objectNamed(value) !== undefined),
        defaultMessage: () => SCOPE_REFUSED,
      },
    },
    options,
  );

/** What a caller is told of a scope that is none, or none of the caller's: not which of the two. */
export const SCOPE_REFUSED =
  'Invalid scope: must be the URL of an object, such as /api/customers/<uuid>/, or a scope such as lxd:rack1:project:default, that you can see';
