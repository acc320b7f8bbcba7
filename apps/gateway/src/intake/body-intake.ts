import { INTAKE_LIMITS } from '@tidings/catalogue';
import type { RecordPublisher } from '@tidings/transport';
import { BodyError } from '../body/body-error.js';
import { collectBody } from '../body/request-body.js';
import { isOversize, TextPieces, type Cut, type TextSplitter } from '../body/text-splitter.js';
import { ChunkSender } from './chunk-sender.js';
import { allRejected, bodyFailure, emptyBody, intakeFailure, TooManyDeadLetters } from './intake-failure.js';
import type { HeldBytes } from '@tidings/runtime';
import type { InFlightBudget } from './in-flight-budget.js';
import type { IntakeLimits } from './intake-limits.js';
import type { IntakeAnswer } from './intake-answer.dto.js';
import { IntakeReport } from './intake-report.js';
import type { EventStatus, Kept, Reading, Rejected } from './reading.js';

/** A body that holds any number of events. */
export interface EventStream {
  readonly chunks: AsyncIterable<Buffer>;
  readonly splitter: TextSplitter;
  readonly read: (text: Buffer) => Reading;
  /** Which system a text counts for that is too large to be read. */
  readonly system: string;
  /** Said where the body is empty: what to send. */
  readonly wanted: string;
  /** Makes a dead letter of what a sender will not send again: too large, or no JSON as a whole. */
  readonly putAside?: (bytes: Buffer, problem: string) => Kept;
}

/** Takes the events of requests to Kafka. */
export class BodyIntake {
  constructor(
    private readonly publisher: RecordPublisher,
    private readonly budget: InFlightBudget,
    private readonly held: HeldBytes,
    private readonly limits: IntakeLimits,
    private readonly count: (system: string, status: EventStatus) => void,
  ) {}

  /**
   * Takes all events of a body, reading on only as fast as Kafka acknowledges.
   * @returns what became of each, once Kafka has all that it should have
   * @throws {DomainError} where nothing went through, where the body broke off, or where Kafka does not acknowledge in
   *   time; it tells what was acknowledged before
   */
  async takeStream(stream: EventStream): Promise<IntakeAnswer> {
    const { report, sender } = this.begin();
    const share = this.held.open();
    const whole = new TextPieces(this.limits.maxEventBytes);
    // Of a document it is known at the end only that nothing stands behind it.
    let last: Cut | undefined;
    const take = (cut: Cut | undefined): void => {
      if (last !== undefined) this.take(last, stream, report, sender);
      last = cut;
      if (cut === undefined || stream.splitter.framing === 'document') return;
      last = undefined;
      this.take(cut, stream, report, sender);
    };
    try {
      try {
        for await (const chunk of stream.chunks) {
          if (stream.putAside !== undefined && stream.splitter.framing !== 'lines') whole.add(chunk);
          for (const cut of stream.splitter.write(chunk)) {
            take(cut);
            if (sender.isFull) await sender.send();
          }
          share.set(stream.splitter.heldBytes + sender.gatheredBytes + whole.heldBytes);
          // The rest would only be read to be thrown away.
          if (sender.hasFailed) await sender.finish();
        }
        for (const cut of stream.splitter.end()) take(cut);
        take(undefined);
      } catch (error) {
        if (error instanceof TooManyDeadLetters) await sender.finish();
        if (!(error instanceof BodyError) || error.code !== 'malformed_json' || !stream.putAside) throw error;
        const body = whole.take();
        const reading = stream.putAside(isOversize(body) ? body.beginning : body, error.message);
        sender.add(report.add(reading), reading, false);
      }
      await sender.finish();
    } catch (error) {
      await sender.settle();
      throw intakeFailure(error, report);
    } finally {
      share.release();
    }
    const isEmpty = report.total === 0 && stream.splitter.framing !== 'array';
    if (isEmpty) throw emptyBody(stream.wanted);
    return this.conclude(report);
  }

  /** Takes one event that was read already. @throws {DomainError} as `takeStream` */
  async takeOne(reading: Reading): Promise<IntakeAnswer> {
    const { report, sender } = this.begin();
    const position = report.add(reading);
    try {
      if (reading.status !== 'rejected') sender.add(position, reading, false);
      await sender.finish();
    } catch (error) {
      await sender.settle();
      throw intakeFailure(error, report);
    }
    return this.conclude(report);
  }

  /**
   * Collects a body that is one event as a whole.
   * @param limit bytes
   * @throws {DomainError} where it cannot be read to its end
   */
  async collect(chunks: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
    return this.holding((hold) => collectBody(chunks, limit, hold));
  }

  /**
   * Collects the same, or the beginning of it where it is larger: its sender will not send it again.
   * @param limit bytes
   * @throws {DomainError} where it cannot be read to its end
   */
  async collectCut(chunks: AsyncIterable<Buffer>, limit: number): Promise<Cut> {
    const pieces = new TextPieces(limit);
    return this.holding(async (hold) => {
      for await (const chunk of chunks) {
        pieces.add(chunk);
        hold(pieces.heldBytes);
      }
      return pieces.take();
    });
  }

  private async holding<T>(read: (hold: (bytes: number) => void) => Promise<T>): Promise<T> {
    const share = this.held.open();
    try {
      return await read(share.set);
    } catch (error) {
      throw error instanceof BodyError ? bodyFailure(error) : error;
    } finally {
      share.release();
    }
  }

  private begin(): { report: IntakeReport; sender: ChunkSender } {
    const report = new IntakeReport(this.count);
    const { maxEventBytes, publishDeadlineMs: deadlineMs } = this.limits;
    const { publisher, budget } = this;
    return { report, sender: new ChunkSender({ publisher, budget, report, deadlineMs, maxEventBytes }) };
  }

  private take(cut: Cut, stream: EventStream, report: IntakeReport, sender: ChunkSender): void {
    const reading = isOversize(cut) ? this.oversize(cut.beginning, stream) : stream.read(cut);
    const { framing } = stream.splitter;
    if (reading.status === 'rejected' && reading.code === 'malformed_json' && framing !== 'lines') {
      const [first] = reading.problems;
      throw new BodyError(
        'malformed_json',
        `${framing === 'array' ? `element ${report.total} ` : ''}${first?.problem ?? 'is no JSON'}`,
      );
    }
    const position = report.add(reading);
    if (reading.status !== 'rejected') sender.add(position, reading, framing === 'lines');
    if (report.deadLetters >= INTAKE_LIMITS.deadLetters.value) throw new TooManyDeadLetters();
  }

  private oversize(beginning: Buffer, { system, putAside }: EventStream): Kept | Rejected {
    const problem = `is larger than ${this.limits.maxEventBytes} bytes; send less, or have TIDINGS_MAX_EVENT_BYTES raised`;
    if (putAside !== undefined) return putAside(beginning, problem);
    return { status: 'rejected', code: 'event_too_large', system, problems: [{ field: '', problem }] };
  }

  private conclude(report: IntakeReport): IntakeAnswer {
    const rejection = report.soleRejection();
    if (rejection !== undefined) throw allRejected(rejection, report.answer(), this.limits);
    return report.answer();
  }
}
