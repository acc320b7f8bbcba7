import { eventUuid, hyphenated, identityKey, INTAKE_LIMITS, parseTime, type Problem } from '@tidings/catalogue';
import type { EventAnswer, IntakeAnswer } from './intake-answer.dto.js';
import type { EventIdentity, EventStatus, Kept, Reading, Rejected, RejectionCode } from './reading.js';

/** Up to so many events are listed one by one; of more, only so many exceptions. */
export const MAX_LISTED = INTAKE_LIMITS.listed.value;

/** An event of a request, as the answer needs it; not its record, or a thousand of them would stay in memory. */
interface Entry {
  readonly position: number;
  status: EventStatus;
  readonly event: Partial<EventIdentity> | undefined;
  code: RejectionCode | undefined;
  problems: readonly Problem[] | undefined;
}

/** Collects what becomes of a request's events, without keeping more than an answer holds. */
export class IntakeReport {
  private readonly listed: Entry[] = [];
  private readonly exceptions: Entry[] = [];
  private readonly acknowledged = { accepted: 0, uncatalogued: 0, non_conforming: 0, dead_letter: 0 };
  private rejected = 0;
  private seen = 0;
  private exceptionCount = 0;
  /** Readings that became dead letters, acknowledged or not. */
  private deadLetterCount = 0;
  /** What all rejected events have in common: the first one, or undefined once they differ in their code. */
  private firstRejection: Rejected | undefined;
  private hasOneCode = true;

  /** @param count called once for every event whose fate is known */
  constructor(private readonly count: (system: string, status: EventStatus) => void) {}

  get total(): number {
    return this.seen;
  }

  /** How many events could not be used, and were put aside. */
  get deadLetters(): number {
    return this.deadLetterCount;
  }

  /** How many events Kafka has acknowledged, dead letters among them. */
  get acknowledgedTotal(): number {
    const { accepted, uncatalogued, non_conforming, dead_letter } = this.acknowledged;
    return accepted + uncatalogued + non_conforming + dead_letter;
  }

  /** Takes note of the next event. @returns its position */
  add(reading: Reading): number {
    const { status, event, problems } = reading;
    const code = status === 'rejected' ? reading.code : undefined;
    const entry: Entry = { position: this.seen, status, event, code, problems: problems && toldProblems(problems) };
    this.seen += 1;
    if (this.listed.length < MAX_LISTED) this.listed.push(entry);
    if (status === 'dead_letter') this.deadLetterCount += 1;
    if (status !== 'accepted') this.except(entry);
    if (status === 'rejected') this.countRejection(reading);
    return entry.position;
  }

  /** Kafka has it. */
  acknowledge(kept: Kept): void {
    this.acknowledged[kept.status] += 1;
    this.count(kept.system, kept.status);
  }

  /** Kafka does not want it, although it was read well. */
  refuse(position: number, kept: Kept, code: RejectionCode, problems: readonly Problem[]): void {
    const rejection: Rejected = { status: 'rejected', code, problems, system: kept.system, event: kept.event ?? {} };
    const exception = this.exceptions.find((entry) => entry.position === position);
    const entry: Entry = this.listed[position] ??
      exception ?? { position, status: 'rejected', event: kept.event, code, problems };
    Object.assign(entry, { status: 'rejected', code, problems } satisfies Partial<Entry>);
    if (exception === undefined) this.except(entry);
    this.countRejection(rejection);
  }

  /** Where nothing at all went through: the rejection that speaks for all of them. */
  soleRejection(): Rejected | undefined {
    if (this.rejected < this.seen || this.firstRejection === undefined) return undefined;
    return this.hasOneCode ? this.firstRejection : { ...this.firstRejection, code: 'unprocessable_event' };
  }

  answer(): IntakeAnswer {
    const exceptions = withinBytes(this.exceptions.sort((a, b) => a.position - b.position).map(answerOf));
    const unlisted = this.exceptionCount - exceptions.length;
    // A list with holes would be taken for all of them.
    if (this.seen <= MAX_LISTED && unlisted === 0) return { ...this.counts(), events: this.listed.map(answerOf) };
    return { ...this.counts(), exceptions, ...(unlisted > 0 && { unlisted }) };
  }

  /** Without the events: for a request that broke off, whose sender sends it again as a whole. */
  counts(): Omit<IntakeAnswer, 'events' | 'exceptions' | 'unlisted'> {
    const { accepted, uncatalogued, non_conforming, dead_letter } = this.acknowledged;
    return {
      accepted: accepted + uncatalogued + non_conforming,
      rejected: this.rejected,
      dead_lettered: dead_letter,
      uncatalogued,
      non_conforming,
    };
  }

  private except(entry: Entry): void {
    this.exceptionCount += 1;
    if (this.exceptions.length < MAX_LISTED) this.exceptions.push(entry);
  }

  private countRejection(rejection: Rejected): void {
    this.rejected += 1;
    this.firstRejection ??= rejection;
    if (this.firstRejection.code !== rejection.code) this.hasOneCode = false;
    this.count(rejection.system, 'rejected');
  }
}

/** Problems as an answer tells them: the first ones, in texts of a bounded length. */
export function toldProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems
    .slice(0, INTAKE_LIMITS.problems.value)
    .map(({ field, problem }) => ({ field: shortened(field), problem: shortened(problem) }));
}

function shortened(text: string): string {
  const limit = INTAKE_LIMITS.problemText.value;
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function withinBytes(answers: readonly EventAnswer[]): readonly EventAnswer[] {
  let bytes = 0;
  const beyond = answers.findIndex((answer) => {
    bytes += Buffer.byteLength(JSON.stringify(answer));
    return bytes > INTAKE_LIMITS.exceptionBytes.value;
  });
  return beyond === -1 ? answers : answers.slice(0, beyond);
}

function answerOf({ position, status, event, code, problems }: Entry): EventAnswer {
  return {
    position,
    status,
    ...(event !== undefined && identityOf(event)),
    ...(code !== undefined && { code }),
    ...(problems !== undefined && { problems }),
  };
}

function identityOf({ id, source, type, time }: Partial<EventIdentity>): Partial<EventAnswer> {
  const micros = time === undefined ? undefined : parseTime(time);
  return {
    ...(id !== undefined && { id }),
    ...(source !== undefined && { source }),
    ...(type !== undefined && { type }),
    ...(id !== undefined &&
      source !== undefined &&
      micros !== undefined && { uuid: hyphenated(eventUuid(micros, identityKey(source, id))) }),
  };
}
