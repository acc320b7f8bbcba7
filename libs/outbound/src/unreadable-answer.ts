/** What came back is not an answer in HTTP, or breaks off before one. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';

  /**
   * @param code for logs and for those who tell kinds apart
   * @param problem a sentence for people that says what was received
   */
  constructor(
    readonly code: 'ERR_NO_ANSWER' | 'ERR_NOT_HTTP' | 'ERR_ANSWER_HEAD',
    readonly problem: string,
  ) {
    super(problem);
  }
}

/** The connection ended before a byte of an answer. */
export class ClosedWithoutAnswer extends UnreadableAnswer {
  constructor() {
    super('ERR_NO_ANSWER', 'The receiver closed the connection without an answer.');
  }
}
