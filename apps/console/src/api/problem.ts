/** What is wrong with one field of a request. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** A request that was not answered as it should have been. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    /** 0: there was no answer. */
    readonly status: number,
    message: string,
    readonly code: string,
    readonly fields: readonly FieldProblem[],
    /** By which the server's log knows the error. */
    readonly trace: string | undefined,
    /** Seconds to wait. */
    readonly retryAfter: number | undefined,
  ) {
    super(message);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Reads an error of either dialect: `{detail, code, errors}`, field names with problems, and IBM's `{trace, errors}`. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ApiProblem {
  const wait = Number(retryAfter ?? NaN);
  const read = readBody(isMembers(body) ? body : {});
  return new ApiProblem(
    status,
    read.message === '' ? `The server answered ${status}.` : read.message,
    read.code,
    read.fields,
    read.trace,
    Number.isFinite(wait) ? wait : undefined,
  );
}

/** There was no answer at all. */
export function networkProblem(): ApiProblem {
  return new ApiProblem(0, 'The server cannot be reached.', 'unreachable', [], undefined, undefined);
}

function readBody(body: Members): { message: string; code: string; fields: FieldProblem[]; trace?: string } {
  const { detail, code, errors, trace } = body;
  const listed = Array.isArray(errors) ? errors.filter(isMembers) : [];
  if (typeof trace === 'string') {
    const messages = listed.map(({ message }) => textOf(message));
    return { message: messages.join(' '), code: textOf(listed[0]?.['code']), fields: ibmFields(messages), trace };
  }
  if (typeof detail === 'string') {
    const fields = listed.map(({ field, problem }) => ({ field: textOf(field), problem: textOf(problem) }));
    return { message: detail, code: textOf(code), fields };
  }
  const fields = Object.entries(body).flatMap(([field, problems]) =>
    [problems].flat().flatMap((problem) => (typeof problem === 'string' ? [{ field, problem }] : [])),
  );
  const message = fields.map(({ field, problem }) => `${field} ${problem}`).join('; ');
  return { message, code: 'invalid_query', fields };
}

/** `name: must be …`, as the dialect says it. */
function ibmFields(messages: readonly string[]): FieldProblem[] {
  return messages.flatMap((message) => {
    const [, field, problem] = /^([a-z_.[\]0-9]{1,64}): (.*)$/s.exec(message) ?? [];
    return field === undefined || problem === undefined ? [] : [{ field, problem }];
  });
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
