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

/** The holding of one event against filters: what it may still cost, and what paths have led to so far. */
export class Evaluation {
  private stepsLeft = MAX_STEPS;
  /** By the path's number. */
  private readonly values: unknown[] = [];
  /** For which event the value was read. */
  private readonly readFor: number[] = [];
  private turn = 1;
  private current: unknown;

  constructor(event: unknown) {
    this.current = event;
  }

  get event(): unknown {
    return this.current;
  }

  /** Goes on with another event. */
  begin(event: unknown): void {
    this.current = event;
    this.turn += 1;
  }

  /** Goes on with another filter, which has all of the steps. */
  renew(): void {
    this.stepsLeft = MAX_STEPS;
  }

  /** @throws {StepsUsedUp} */
  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) throw STEPS_USED_UP;
  }

  /** What a path of the event leads to, read once for all filters. @param number of the path */
  valueAt(number: number, read: (event: unknown) => unknown): unknown {
    if (this.readFor[number] !== this.turn) {
      while (this.values.length <= number) {
        this.values.push(undefined);
        this.readFor.push(0);
      }
      this.readFor[number] = this.turn;
      this.values[number] = read(this.current);
    }
    return this.values[number];
  }
}
