import { RULE_LIMITS } from '@tidings/catalogue';

/**
 * What one evaluation of a filter may cost. A step is a value that is looked at; a pattern costs by its size and by the
 * length of the text. Enough for an event of 1 MB, and little enough that no filter holds up the others for long.
 */
const MAX_STEPS = RULE_LIMITS.filterSteps.value;
/** What beginning with a filter costs, however little it looks at. */
const STEPS_OF_A_FILTER = 10;

/** Thrown inside of an evaluation that has used up its steps; it never leaves the filter. */
export class StepsUsedUp extends Error {
  override readonly name = 'StepsUsedUp';
}

const STEPS_USED_UP = new StepsUsedUp('the filter takes too many steps');

/** A path that has been read for an event. */
export interface ReadPath {
  /** Lets go of the event. */
  forget(evaluation: Evaluation): void;
}

/** The holding of one event against filters: what it may still cost, and what paths have led to so far. */
export class Evaluation {
  private isExact = false;
  private taken = 0;
  private limit: number;
  private cutShort = 0;
  private exact: (() => unknown) | undefined;
  private readPaths: ReadPath[] = [];
  /** Of the objects that were looked into: listing them costs more than all else, and rules look into the same ones. */
  private members = new Map<object, readonly unknown[]>();

  /** @param mostSteps of one filter */
  constructor(
    private current: unknown,
    private readonly mostSteps = MAX_STEPS,
  ) {
    this.limit = mostSteps;
  }

  /** With all numbers digit by digit. */
  get event(): unknown {
    if (!this.isExact) {
      this.isExact = true;
      this.current = this.exact?.() ?? this.current;
    }
    return this.current;
  }

  /** The same for whoever asks for {@link event} where numbers matter: looking for long ones takes a while. */
  get plainEvent(): unknown {
    return this.current;
  }

  /** What all filters have cost for the event so far. */
  get steps(): number {
    return this.taken;
  }

  /** How many filters came to no end within their steps for the event so far. */
  get filtersCutShort(): number {
    return this.cutShort;
  }

  /**
   * Goes on with another event.
   * @param exact gives it with all numbers digit by digit; they are unless it is given
   */
  begin(event: unknown, exact?: () => unknown): void {
    this.end();
    this.current = event;
    this.exact = exact;
    this.isExact = false;
    // A count over all events would grow without end.
    this.taken = 0;
    this.limit = this.mostSteps;
    this.cutShort = 0;
  }

  /** Lets go of the event, and of everything that was read of it. */
  end(): void {
    for (const path of this.readPaths) path.forget(this);
    this.readPaths = [];
    if (this.members.size > 0) this.members = new Map();
    this.current = undefined;
    this.exact = undefined;
  }

  /** The values of an object's members, listed once an event. */
  membersOf(value: object): readonly unknown[] {
    if (Array.isArray(value)) return value;
    let members = this.members.get(value);
    if (members === undefined) this.members.set(value, (members = Object.values(value)));
    return members;
  }

  /** Goes on with another filter, which has all of the steps. */
  renew(): void {
    this.taken += STEPS_OF_A_FILTER;
    this.limit = this.taken + this.mostSteps;
  }

  /** @throws {StepsUsedUp} */
  spend(steps: number): void {
    this.taken += steps;
    if (this.taken > this.limit) throw STEPS_USED_UP;
  }

  /** Says that the filter at hand has used up its steps. */
  cutFilterShort(): void {
    this.cutShort += 1;
  }

  /** Told of each path that is read for the event. */
  onRead(path: ReadPath): void {
    this.readPaths.push(path);
  }
}
