/**
 * What one evaluation of a filter may cost. A step is a value that is looked at; a pattern costs by its size and by the
 * length of the text. Enough for an event of 1 MB, and little enough that no filter holds up the others for long.
 */
const MAX_STEPS = 50_000;

/** Thrown inside of an evaluation that has used up its steps; it never leaves the filter. */
export class StepsUsedUp extends Error {
  override readonly name = 'StepsUsedUp';
}

const STEPS_USED_UP = new StepsUsedUp('the filter takes too many steps');

/** One evaluation of a filter: the event that it is about, and how much it may still cost. */
export class Evaluation {
  private stepsLeft = MAX_STEPS;

  constructor(readonly event: unknown) {}

  /** @throws {StepsUsedUp} */
  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) throw STEPS_USED_UP;
  }
}
