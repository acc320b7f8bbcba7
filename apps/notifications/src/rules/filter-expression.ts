import type { ExactNumber } from '@tidings/catalogue';
import type { TextPattern } from './text-pattern.js';

/** A filter as it was understood, before it is compiled. */
export type Expression =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'comparison'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'likeness'; readonly left: Expression; readonly pattern: TextPattern }
  | { readonly kind: 'literal'; readonly value: Literal }
  | PathExpression;

export type Literal = string | number | ExactNumber | boolean | null;

/** All operators that compare two values; `=~` compares with a pattern and stands apart. */
export const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface PathExpression {
  readonly kind: 'path';
  /** `$`, or `@`: the member that a filter is asked about; outside of any it is the event. */
  readonly from: 'event' | 'current';
  readonly segments: readonly Segment[];
}

export interface Segment {
  /** `..`: applies to the value and to everything beneath it. */
  readonly descends: boolean;
  readonly selectors: readonly Selector[];
}

export type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'slice';
      readonly start: number | undefined;
      readonly end: number | undefined;
      readonly step: number;
    }
  | { readonly kind: 'every' }
  | { readonly kind: 'where'; readonly condition: Expression };
