import { RULE_LIMITS } from '@tidings/catalogue';
import type { Evaluation } from '../rules/evaluation.js';

/** So often the clock is looked at. */
const STEPS_BETWEEN_LOOKS = 5_000;
/** A pause is due after so many milliseconds. */
const MILLISECONDS_AT_ONCE = 10;

/**
 * What the filters of one instance may cost for one event, in steps and by the clock, so that no tenant's rules keep
 * events from the others. Steps decide nearly always, and on every machine alike; the clock is for what they do not see.
 */
export class InstanceAllowance {
  private stepsAtBegin = 0;
  private nextLook = 0;
  private lookedAt: number | undefined;
  private usedMs = 0;
  private usedMsAtPause = 0;
  private pauseIsDue = false;
  private cutShortAtBegin = 0;
  private refused = 0;

  /** @param clock in milliseconds */
  constructor(
    private readonly evaluation: Evaluation,
    private readonly clock: () => number,
  ) {}

  /** How many filters of the instance did not come to an end. */
  get filtersCutShort(): number {
    return this.refused + this.evaluation.filtersCutShort - this.cutShortAtBegin;
  }

  /** Goes on with another instance. */
  begin(): void {
    const { steps, filtersCutShort } = this.evaluation;
    this.stepsAtBegin = steps;
    this.nextLook = steps + STEPS_BETWEEN_LOOKS;
    this.lookedAt = undefined;
    this.usedMs = 0;
    this.usedMsAtPause = 0;
    this.pauseIsDue = false;
    this.cutShortAtBegin = filtersCutShort;
    this.refused = 0;
  }

  /** Whether another filter may be evaluated. */
  permits(): boolean {
    if (this.evaluation.steps < this.nextLook) return true;
    this.look();
    const isWithin =
      this.evaluation.steps - this.stepsAtBegin < RULE_LIMITS.instanceSteps.value &&
      this.usedMs < RULE_LIMITS.instanceMs.value;
    if (isWithin) this.nextLook = this.evaluation.steps + STEPS_BETWEEN_LOOKS;
    else this.refused += 1;
    return isWithin;
  }

  /** Whether something else should be seen to before the next filter. */
  get isPauseDue(): boolean {
    return this.pauseIsDue;
  }

  /** What others do until the next filter does not count. */
  pause(): void {
    this.lookedAt = undefined;
    this.usedMsAtPause = this.usedMs;
    this.pauseIsDue = false;
  }

  private look(): void {
    const now = this.clock();
    if (this.lookedAt !== undefined) this.usedMs += now - this.lookedAt;
    this.lookedAt = now;
    this.pauseIsDue = this.usedMs - this.usedMsAtPause >= MILLISECONDS_AT_ONCE;
  }
}
