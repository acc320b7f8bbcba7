/** One line of the table of shapes. */
export interface ShapeFigure {
  readonly name: string;
  readonly inFlight: number;
  /** Milliseconds. */
  readonly ours: { readonly p50: number; readonly p99: number };
  readonly bare: { readonly p50: number; readonly p99: number };
  /** What is missed, in words; nothing where all is reached. */
  readonly missed: readonly string[];
}
