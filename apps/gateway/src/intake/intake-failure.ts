import { INTAKE_LIMITS } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import { TransportError } from '@tidings/transport';
import { BodyError } from '../body/body-error.js';
import type { IntakeLimits } from './intake-limits.js';
import type { IntakeAnswer } from './intake-answer.dto.js';
import { toldProblems, type IntakeReport } from './intake-report.js';
import type { Rejected } from './reading.js';

/** An empty body, and what should have been in it. */
export function emptyBody(wanted: string): DomainError {
  return new DomainError('empty_body', {}, { members: { errors: [{ field: '', problem: wanted }] } });
}

/** A media type that a route does not take, and those that it does. */
export function unsupportedMediaType(mediaType: string, wanted: string): DomainError {
  const errors = [{ field: 'Content-Type', problem: wanted }];
  return new DomainError('unsupported_media_type', { mediaType }, { members: { errors } });
}

/** Nothing of a request went through: the answer is an error, and lists the events all the same. */
export function allRejected(rejection: Rejected, answer: IntakeAnswer, limits: IntakeLimits): DomainError {
  const members = { errors: toldProblems(rejection.problems), ...answer };
  switch (rejection.code) {
    case 'event_too_large':
      return new DomainError(rejection.code, { limit: limits.maxEventBytes }, { members });
    case 'source_not_allowed':
      return new DomainError(rejection.code, { source: rejection.event?.source ?? '' }, { members });
    case 'unknown_event_type':
      return new DomainError(rejection.code, { type: rejection.event?.type ?? '' }, { members });
    case 'unsupported_media_type':
      return new DomainError(rejection.code, { mediaType: rejection.mediaType ?? '' }, { members });
    case 'malformed_json':
      return new DomainError(rejection.code, {}, { members });
    case 'unprocessable_event':
      return new DomainError(rejection.code, {}, { members });
  }
}

/** Hardly anything of a body can be used: reading on would only make more dead letters. */
export class TooManyDeadLetters extends Error {
  override readonly name = 'TooManyDeadLetters';
}

/**
 * What is answered when the intake of a body broke off.
 * @param report tells what was acknowledged before
 * @returns a DomainError, or the error itself where nobody foresaw it
 */
export function intakeFailure(error: unknown, report: IntakeReport): unknown {
  const counts = report.counts();
  if (error instanceof BodyError) return bodyFailure(error, { ...counts });
  if (error instanceof TooManyDeadLetters) {
    const limit = INTAKE_LIMITS.deadLetters.value;
    return new DomainError('too_many_dead_letters', { limit }, { members: { ...counts, stopped_at: report.total } });
  }
  if (error instanceof DomainError && error.code === 'overloaded')
    return new DomainError('overloaded', {}, { members: { ...counts } });
  if (error instanceof DomainError && error.code === 'request_timeout')
    return new DomainError('request_timeout', {}, { members: { ...counts } });
  if (!(error instanceof TransportError)) return error;
  // What may pass is told by the transport's own log; what a person has to mend goes there with its cause.
  const details = { members: { ...counts }, ...(!error.retriable && { cause: error }) };
  if (report.acknowledgedTotal > 0) return new DomainError('partly_acknowledged', {}, details);
  return new DomainError(error.code === 'QUEUE_FULL' ? 'overloaded' : 'broker_unavailable', {}, details);
}

/** A body that could not be read to its end. @param counts what was made of it before */
export function bodyFailure(error: BodyError, counts: Readonly<Record<string, unknown>> = {}): DomainError {
  const members = { errors: [{ field: error.details.field ?? '', problem: error.message }], ...counts };
  switch (error.code) {
    case 'event_too_large':
    case 'body_too_large':
      return new DomainError(error.code, { limit: error.details.limit ?? 0 }, { members });
    case 'malformed_json':
      return new DomainError(error.code, {}, { members });
    case 'malformed_request':
      return new DomainError(error.code, {}, { members });
  }
}
