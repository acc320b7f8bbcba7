import { DEFAULT_SITE, nativeSource, parseTime, siteProblem, type Problem } from '@tidings/catalogue';

/** Who says it: a source of its own, or the site of the event type's system (default `main`). */
export type EventOrigin =
  { readonly source: string; readonly site?: never } | { readonly source?: never; readonly site?: string };

/** What an event says of itself beside its payload. Everything has a default. */
export type EventAbout = EventOrigin & {
  /** Unique within the source; default a new UUIDv7. Give it when the same event may be published twice. */
  readonly id?: string;
  /** RFC 3339 with a zone; default now. */
  readonly time?: string;
  /** The entity acted on, whose events keep their order; default as the catalogue derives it from the payload. */
  readonly subject?: string;
  /** CloudEvents extension attributes; `traceparent` is kept with the event. */
  readonly extensions?: Readonly<Record<string, string>>;
};

// CloudEvents forbids control characters in attributes, and the identity of an event is built on that.
const CONTROL = /\p{Cc}/u;
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;
/** Attributes of CloudEvents itself; as extensions they would take their place. */
const RESERVED = new Set([
  ...['specversion', 'id', 'source', 'type', 'time', 'subject', 'dataschema', 'datacontenttype', 'data'],
]);

/** Does a call say itself whose event it is? */
export function hasOrigin({ source, site }: EventOrigin): boolean {
  return source !== undefined || site !== undefined;
}

export function sourceOf(about: EventOrigin, system: string): string {
  return about.source ?? nativeSource(system, about.site ?? DEFAULT_SITE);
}

/** What is wrong with what is said about an event. */
export function aboutProblems(about: EventAbout): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of ['source', 'id', 'subject'] as const) {
    const problem = textProblem(about[field]);
    if (problem !== undefined) problems.push({ field, problem });
  }
  if (about.site !== undefined) {
    const problem = siteProblem(about.site);
    if (problem !== undefined) problems.push({ field: 'site', problem });
  }
  if (about.time !== undefined && parseTime(about.time) === undefined) {
    problems.push({ field: 'time', problem: 'must be an RFC 3339 date-time with a zone, as in 2026-11-02T08:01:53Z' });
  }
  if (about.extensions === undefined) return problems;
  for (const [name, value] of Object.entries(about.extensions)) {
    if (!EXTENSION_NAME.test(name) || RESERVED.has(name)) {
      problems.push({ field: name, problem: 'is no name for an extension: 1 to 20 lower-case letters or digits' });
    } else if (typeof value !== 'string') problems.push({ field: name, problem: 'must be a string' });
  }
  return problems;
}

function textProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') return 'must be a string that is not empty';
  return CONTROL.test(value) ? 'must not contain control characters' : undefined;
}
