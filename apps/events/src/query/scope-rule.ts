import type { ParameterRule } from '../paging/parameter-rules.js';
import { objectNamed, parseScope, SCOPE_TEXT_PATTERN } from './scope-parameter.js';

/** What a caller is told of an invalid scope, and of one that the caller may not see: not which of the two. */
export const SCOPE_REFUSED =
  'Invalid scope: must be the URL of an object, such as /api/customers/<uuid>/, or a scope such as lxd:rack1:project:default, that you can see';

/** A scope, or the URL of an object that is one: see {@link parseScope}. */
export const SCOPE: ParameterRule = {
  problem: SCOPE_REFUSED,
  pattern: SCOPE_TEXT_PATTERN,
  holds: (value) => parseScope(value) !== undefined || objectNamed(value) !== undefined,
};
