import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import { invalidQuery, nearestName } from '@tidings/runtime';

const MAX_NAME = 255;
const MAX_DESCRIPTION = 255;
const MAX_DEPTH = 32;
/** Beyond, further problems of one body tell its sender nothing new. */
const MAX_PROBLEMS = 20;
/** As much of a name that somebody made up is said back. */
const MAX_NAME_SHOWN = 64;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const LONE_SURROGATE = /\p{Cs}/u;

/** Reads the members of a body. It gathers what is wrong, and {@link end} says all of it at once. */
export class BodyMembers {
  private readonly given: JsonObject;
  private readonly problems = new Map<string, string[]>();

  /**
   * @param known every member there is
   * @param field the object's own name in messages; empty for a whole body
   */
  constructor(
    json: unknown,
    private readonly known: readonly string[],
    private readonly field = '',
  ) {
    if (!isJsonObject(json)) {
      throw invalidQuery({ [field === '' ? 'body' : field]: [`must be a JSON object with ${known.join(', ')}`] });
    }
    this.given = json;
    for (const name of Object.keys(json)) {
      if (this.problems.size >= MAX_PROBLEMS) break;
      if (!known.includes(name))
        this.complain(name, `is not known here; ${hint(name.slice(0, MAX_NAME_SHOWN), known)}`);
    }
  }

  /** Null is as good as missing. */
  has(member: string): boolean {
    return this.value(member) !== undefined;
  }

  value(member: string): unknown {
    return this.given[member] ?? undefined;
  }

  requiredName(): string {
    return this.name() ?? this.missing('name', `a text of 1 to ${MAX_NAME} printable characters`);
  }

  /** @returns undefined where it is left out */
  name(): string | undefined {
    const value = this.value('name');
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.trim() !== '' && lengthOf(value) <= MAX_NAME && !UNPRINTABLE.test(value)) {
      return value;
    }
    this.complain('name', `must be a text of 1 to ${MAX_NAME} printable characters`);
    return '';
  }

  /** @returns undefined where it is left out */
  description(): string | undefined {
    const value = this.value('description');
    if (value === undefined) return undefined;
    if (typeof value === 'string' && lengthOf(value) <= MAX_DESCRIPTION && isStorableText(value)) return value;
    this.complain('description', `must be a text of up to ${MAX_DESCRIPTION} characters`);
    return '';
  }

  requiredText(member: string, what: string): string {
    const text = this.text(member, what) ?? '';
    return text === '' ? this.missing(member, what) : text;
  }

  /** @returns undefined where it is left out */
  text(member: string, what: string): string | undefined {
    const value = this.value(member);
    if (value === undefined || (typeof value === 'string' && isStorableText(value))) return value;
    this.complain(member, `must be ${what}`);
    return '';
  }

  /** @returns undefined where it is left out */
  flag(member: string): boolean | undefined {
    const value = this.value(member);
    if (value === undefined || typeof value === 'boolean') return value;
    this.complain(member, 'must be true or false');
    return undefined;
  }

  /** @returns undefined where it is left out */
  array(member: string, most: number): readonly unknown[] | undefined {
    const value = this.value(member);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length <= most) return value as readonly unknown[];
    this.complain(member, `must be an array of up to ${most} entries`);
    return [];
  }

  complain(member: string, problem: string): void {
    const name = this.nameOf(member);
    if (this.problems.size >= MAX_PROBLEMS && !this.problems.has(name)) return;
    const said = this.problems.get(name) ?? [];
    if (!said.includes(problem)) this.problems.set(name, [...said, problem]);
  }

  /** @throws {DomainError} `invalid_query` with everything that was wrong, field by field */
  end(): void {
    if (this.problems.size > 0) throw invalidQuery(Object.fromEntries(this.problems));
  }

  private missing(member: string, what: string): string {
    if (!this.problems.has(this.nameOf(member))) this.complain(member, `is required: ${what}`);
    return '';
  }

  private nameOf(member: string): string {
    const shown = member.length > MAX_NAME_SHOWN ? `${member.slice(0, MAX_NAME_SHOWN)}…` : member;
    return this.field === '' ? shown : `${this.field}.${shown}`;
  }
}

/** Refuses what PostgreSQL's JSON cannot hold, and what nobody means. @throws {DomainError} `invalid_query` */
export function demandStorable(field: string, value: unknown): void {
  const problem = storageProblem(value, MAX_DEPTH);
  if (problem !== undefined) throw invalidQuery({ [field]: [problem] });
}

/** What PostgreSQL's text can hold. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !LONE_SURROGATE.test(text);
}

function storageProblem(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    return isStorableText(value) ? undefined : 'must not have NUL characters or lone surrogates';
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return `must not be nested deeper than ${MAX_DEPTH} levels`;
  for (const [name, inner] of Object.entries(value)) {
    const problem = storageProblem(name, depth) ?? storageProblem(inner, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The name that was probably meant, or all there are. */
export function hint(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
