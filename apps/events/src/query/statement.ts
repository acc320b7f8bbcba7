/** SQL with its values apart: nothing of a request is ever part of the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether one plan is right for all values. */
  readonly isReusable?: boolean;
}

/** A part of a statement, which adds its values to those of the whole. */
export type StatementPart = (values: Values) => string;

/** Numbers the values of a statement. */
export class Values {
  readonly list: unknown[] = [];

  /** @returns how the text names the value; one that is used twice is added once and named twice */
  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}
