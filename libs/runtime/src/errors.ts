interface ErrorRow {
  readonly status: number;
  /** Whether the same request may succeed later without a change. */
  readonly retriable: boolean;
  /** `{name}` stands for a parameter. */
  readonly message: string;
}

/** Everything that an answer can fail with. The code is what programs read, the message is for people. */
export const ERRORS = {
  malformed_url: { status: 400, retriable: false, message: 'The URL is malformed.' },
  malformed_request: { status: 400, retriable: false, message: 'The request is malformed.' },
  malformed_json: { status: 400, retriable: false, message: 'The body is not valid JSON.' },
  empty_body: { status: 400, retriable: false, message: 'The body is empty.' },
  invalid_query: { status: 400, retriable: false, message: 'A parameter is not valid.' },
  not_authenticated: {
    status: 401,
    retriable: false,
    message: 'Authentication credentials were not provided.',
  },
  invalid_login_code: {
    status: 401,
    retriable: false,
    message: 'This sign-in code was used already, or is older than ten minutes. Make another with `tidings console`.',
  },
  invalid_token: { status: 401, retriable: false, message: 'Invalid token.' },
  permission_denied: {
    status: 403,
    retriable: false,
    message: 'You do not have permission to perform this action.',
  },
  source_not_allowed: {
    status: 403,
    retriable: false,
    message: 'This token may not publish as "{source}".',
  },
  not_found: { status: 404, retriable: false, message: 'Not found.' },
  invalid_page: { status: 404, retriable: false, message: 'Invalid page.' },
  method_not_allowed: { status: 405, retriable: false, message: 'Method "{method}" not allowed.' },
  request_timeout: { status: 408, retriable: true, message: 'The request did not arrive in time.' },
  conflict: { status: 409, retriable: false, message: '{reason}' },
  body_too_large: { status: 413, retriable: false, message: 'The body is larger than {limit} bytes.' },
  event_too_large: { status: 413, retriable: false, message: 'The event is larger than {limit} bytes.' },
  url_too_long: { status: 414, retriable: false, message: 'The URL is too long.' },
  unsupported_media_type: {
    status: 415,
    retriable: false,
    message: 'Unsupported media type "{mediaType}" in request.',
  },
  unprocessable_event: { status: 422, retriable: false, message: 'The event was not accepted.' },
  too_many_dead_letters: {
    status: 422,
    retriable: false,
    message: 'Reading stopped behind {limit} events that could not be used; those are kept as dead letters.',
  },
  unknown_event_type: { status: 422, retriable: false, message: 'Nobody declared the event type "{type}".' },
  too_many_requests: { status: 429, retriable: true, message: '{reason}' },
  headers_too_large: { status: 431, retriable: false, message: 'The headers are too large.' },
  internal_error: { status: 500, retriable: false, message: 'Internal server error.' },
  broker_unavailable: { status: 503, retriable: true, message: 'Kafka cannot be reached; nothing was accepted.' },
  partly_acknowledged: {
    status: 503,
    retriable: true,
    message: 'Kafka stopped acknowledging before the end; send everything again, nothing is stored twice.',
  },
  connector_paused: { status: 503, retriable: true, message: 'The connector "{connector}" is paused.' },
  database_unavailable: { status: 503, retriable: true, message: 'The database cannot be reached.' },
  events_unavailable: { status: 503, retriable: true, message: 'Stored events cannot be asked for: {reason}' },
  query_timeout: {
    status: 503,
    retriable: true,
    message: 'The query takes too long. Narrow it, for example by time, type or customer.',
  },
  overloaded: { status: 503, retriable: true, message: 'Too much is in progress.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The parameters of a code's message. */
export type ErrorParams<C extends ErrorCode> = Readonly<
  Record<Placeholders<(typeof ERRORS)[C]['message']>, string | number>
>;

export interface ErrorDetails {
  /** Answers `{"<name>": ["…"]}` instead of a detail: which parameters are wrong, and why. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** More members of the answer, beside `detail` and `code`; for example `errors`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Seconds for `Retry-After`; a 429 or 503 says 5 without it. */
  readonly retryAfterSeconds?: number;
  /** Goes to the log, never into the answer. */
  readonly cause?: unknown;
}

type ErrorArguments<C extends ErrorCode> = [Placeholders<(typeof ERRORS)[C]['message']>] extends [never]
  ? [params?: Readonly<Record<string, never>>, details?: ErrorDetails]
  : [params: ErrorParams<C>, details?: ErrorDetails];

/** What a service throws when it cannot do what it was asked for. It knows nothing of HTTP; {@link ErrorFilter} does. */
export class DomainError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'DomainError';
  readonly code: C;
  readonly retriable: boolean;
  readonly details: ErrorDetails;

  constructor(code: C, ...[params, details]: ErrorArguments<C>) {
    super(
      fill(ERRORS[code].message, params ?? {}),
      details?.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.retriable = ERRORS[code].retriable;
    this.details = details ?? {};
  }
}

/** Tells a domain error from anything else that was thrown. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/**
 * A refused query: 400 with the parameters that are wrong.
 * @param fields parameter name to messages
 */
export function invalidQuery(fields: Readonly<Record<string, readonly string[]>>): DomainError<'invalid_query'> {
  const told = Object.entries(fields)
    .slice(0, MAX_FIELDS_TOLD)
    .map(([name, messages]): [string, readonly string[]] => [
      name.slice(0, MAX_NAME_TOLD),
      messages.slice(0, MAX_FIELDS_TOLD),
    ]);
  const rest = Object.keys(fields).length - MAX_FIELDS_TOLD;
  if (rest > 0) told.push(['non_field_errors', [`There are ${rest} more.`]]);
  // Not by assignment: a parameter may be called __proto__.
  return new DomainError('invalid_query', {}, { fields: Object.fromEntries(told) });
}

/** Of ten thousand wrong parameters not all are reported, nor names a megabyte long. */
const MAX_FIELDS_TOLD = 20;
const MAX_NAME_TOLD = 200;

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}
