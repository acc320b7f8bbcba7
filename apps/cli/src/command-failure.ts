import { EXIT_CODES, type ExitName } from './exit-codes.js';

/** Why a command failed, for the person who typed it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** Whether the same command may work later without a change. */
  readonly retriable: boolean;

  /**
   * @param exit which of the exit codes it is
   * @param message what is wrong, on one line
   * @param advice what to do, a line each
   */
  constructor(
    readonly exit: ExitName,
    message: string,
    readonly advice: readonly string[] = [],
  ) {
    super(message);
    this.retriable = exit === 'unreachable';
  }

  /** The exit code. */
  get code(): number {
    return EXIT_CODES[this.exit].code;
  }
}
