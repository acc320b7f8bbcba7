/** SQL with its values apart: nothing of a request is ever part of the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Numbers the values of a statement. */
export class Values {
  readonly list: unknown[] = [];

  /** @returns how the text names the value; one that is used twice is added once and named twice */
  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}
