/** How often a parameter counts. */
export type Occurrence = 'one' | 'many' | 'many-by-commas';

/** What the API's document says about a parameter. */
export interface ParameterText {
  readonly description?: string;
  readonly example?: string;
  /** What its values look like, for the document; in JSON Schema's regular expressions, without `^` and `$`. */
  readonly pattern?: string;
}

/** A parameter as a query class declares it. */
export interface DescribedParameter extends ParameterText {
  readonly name: string;
  readonly occurrence: Occurrence;
}
