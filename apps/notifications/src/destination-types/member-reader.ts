import { HTTP_LIMITS, isJsonObject, type JsonObject } from '@tidings/catalogue';
import { invalidQuery, nearestName } from '@tidings/runtime';
import type { ReadConfig } from './destination-type.js';

/** What answers have in the place of a secret. A request that brings it back keeps what there is. */
export const MASK = '********';

/** Beyond, further problems of one object tell its sender nothing new. */
const MAX_PROBLEMS = HTTP_LIMITS.problems.value;
/** As much of a name that somebody made up is said back. */
const MAX_NAME_SHOWN = 128;

/** A rule for a text. */
export interface TextRule {
  readonly pattern: RegExp;
  /** What is right, after "must be". */
  readonly must: string;
}

/** For texts that mean nothing here: they go to the other side as they are. */
export const PLAIN_TEXT: TextRule = { pattern: /^[^\p{Cc}]{1,1024}$/u, must: 'a text without control characters' };

/** Reads the members of a JSON object that a user sent, gathers what is wrong, and says all of it at once. */
export class MemberReader {
  private readonly problems = new Map<string, string>();
  private readonly given: JsonObject;

  /**
   * @param field the object's own name in messages, for example `config.params`
   * @param known every member there is
   * @param former what is kept: members that are left out, or come back masked, stay as they are there
   */
  constructor(
    given: unknown,
    private readonly field: string,
    known: readonly string[],
    private readonly former: JsonObject = {},
  ) {
    this.given = isJsonObject(given) ? given : {};
    if (given !== undefined && given !== null && !isJsonObject(given)) {
      this.problems.set(field, `must be a JSON object that may have ${known.join(', ')}`);
    }
    for (const name of Object.keys(this.given)) {
      if (known.includes(name)) continue;
      if (this.problems.size >= MAX_PROBLEMS) break;
      const nearest = nearestName(name.slice(0, MAX_NAME_SHOWN), known);
      this.wrong(
        name,
        `is not known here; ${nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`}`,
      );
    }
  }

  /** Notes what is wrong with a member. */
  wrong(name: string, problem: string): void {
    const shown = name.length > MAX_NAME_SHOWN ? `${name.slice(0, MAX_NAME_SHOWN)}…` : name;
    if (this.problems.size < MAX_PROBLEMS) this.problems.set(`${this.field}.${shown}`, problem);
  }

  /** The member as it came, or as it is kept. */
  value(name: string): unknown {
    const value = this.given[name];
    return value === undefined || value === null || value === MASK ? this.former[name] : value;
  }

  /** @returns undefined where it is left out */
  text(name: string, { pattern, must }: TextRule): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.wrong(name, `must be ${must}`);
    return undefined;
  }

  /** A text that cannot be left out. */
  requiredText(name: string, rule: TextRule): string {
    if (this.value(name) === undefined) this.wrong(name, `is required: ${rule.must}`);
    return this.text(name, rule) ?? '';
  }

  /** @returns undefined where it is left out */
  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.wrong(name, 'must be true or false');
    return undefined;
  }

  /** @returns undefined where it is left out */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.value(name);
    const found = choices.find((choice) => choice === value);
    if (value !== undefined && found === undefined) this.wrong(name, `must be one of ${choices.join(', ')}`);
    return found;
  }

  /** @returns undefined where it is left out */
  wholeNumber(name: string, from: number, to: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    this.wrong(name, `must be a whole number from ${from} to ${to}`);
    return undefined;
  }

  /** `username` and `password`, which come together or not at all. */
  credentials(): { readonly username: string | undefined; readonly password: string | undefined } {
    const username = this.text('username', PLAIN_TEXT);
    const password = this.text('password', PLAIN_TEXT);
    if (username !== undefined && password === undefined) {
      this.wrong(
        'password',
        'is required where there is a username; after a change of the address it has to be sent again',
      );
    }
    if (username === undefined && password !== undefined) {
      this.wrong('username', 'is required where there is a password');
    }
    return { username, password };
  }

  /** @throws {DomainError} `invalid_query` with everything that was wrong, field by field */
  end(): void {
    if (this.problems.size === 0) return;
    throw invalidQuery(Object.fromEntries([...this.problems].map(([field, problem]) => [field, [problem]])));
  }
}

/**
 * For a configuration with secrets. They were given for one address: where a request changes it, they are forgotten, so
 * that nobody has them sent to a receiver of their own.
 * @param address the members that say where secrets go, and how safely
 */
export function keepingSecrets(
  params: unknown,
  known: readonly string[],
  former: ReadConfig | undefined,
  address: readonly string[],
): MemberReader {
  const kept: JsonObject = { ...former?.config };
  const given = isJsonObject(params) ? params : {};
  const isElsewhere = address.some((name) => {
    const value = given[name];
    if (value === undefined || value === null || value === MASK) return false;
    return JSON.stringify(value).toLowerCase() !== JSON.stringify(kept[name])?.toLowerCase();
  });
  return new MemberReader(params, 'config.params', known, isElsewhere ? kept : { ...kept, ...former?.secrets });
}

/** A secret as answers show it. */
export function masked(secret: unknown): string | undefined {
  return secret === undefined ? undefined : MASK;
}

/** Without the members that are undefined, as JSON would leave them out. */
export function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
