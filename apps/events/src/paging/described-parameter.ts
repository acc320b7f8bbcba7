/** How often a parameter counts. */
export type Occurrence = 'one' | 'many' | 'many-by-commas';

/** What the API's document says about a parameter. */
export interface ParameterText {
  readonly description?: string;
  readonly example?: string;
}

/** A parameter as a query class declares it. */
export interface DescribedParameter extends ParameterText {
  readonly name: string;
  readonly occurrence: Occurrence;
}
