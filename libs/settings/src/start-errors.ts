/** The process cannot start, for a reason that its operator can do something about. Printed as one line, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** One or more variables of the environment are wrong. Names them and what would be right; never holds a value. */
export class EnvironmentError extends StartError {
  /** One line a variable: `NAME: has to be …`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
