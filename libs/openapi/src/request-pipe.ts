import { Readable } from 'node:stream';
import { type ArgumentMetadata, Injectable, type PipeTransform, type Type, ValidationPipe } from '@nestjs/common';
import { HTTP_LIMITS } from '@tidings/catalogue';
import { DomainError, invalidQuery, isDomainError, nearestName } from '@tidings/runtime';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { isOptionalBody, TRANSFORM } from './fields.js';

/** As much of a name that somebody made up is said back. */
const MAX_NAME_SHOWN = 64;
/** Looking for near names costs time, and further problems of one request tell its sender nothing new. */
const MAX_PROBLEMS = HTTP_LIMITS.problems.value;

/** How one part of the API reads its requests. */
export interface RequestPolicy {
  /**
   * Null stands for a member that is left out, as does an empty text in a query; without this it is refused, unless the
   * member is nullable.
   */
  readonly nullIsMissing?: boolean;
  /** Reads queries instead of the pipe, where clients of another system expect its leniency. It throws `invalid_query`. */
  readonly readQuery?: (query: unknown, type: Type<object>) => object;
}

/**
 * Checks the body, the query and the path of a request by their classes; what a class does not know is refused. The pipe
 * throws `invalid_query` with everything that is wrong, field by field, and `not_found` for a path.
 */
@Injectable()
export class RequestPipe implements PipeTransform<unknown, Promise<unknown>> {
  private readonly body: ValidationPipe;
  /** A query and a path are text: numbers and flags are read from it. */
  private readonly text: ValidationPipe;

  private readonly readQuery: RequestPolicy['readQuery'];

  constructor({ nullIsMissing = false, readQuery }: RequestPolicy = {}) {
    this.readQuery = readQuery;
    this.body = validationPipe(nullIsMissing ? [TRANSFORM.nullIsMissing] : []);
    this.text = validationPipe([TRANSFORM.query, ...(nullIsMissing ? [TRANSFORM.emptyIsMissing] : [])]);
  }

  /** Checks a body that the route has read itself. */
  async read<Body extends object>(metatype: Type<Body>, body: unknown): Promise<Body> {
    return (await this.transform(body, { type: 'body', metatype, data: undefined })) as Body;
  }

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom' || value instanceof Readable) return value;
    if (metadata.type === 'body') return this.body.transform(demandObject(value, metadata), metadata);
    if (metadata.type === 'query' && metadata.metatype !== undefined && this.readQuery !== undefined) {
      return this.readQuery(value, metadata.metatype as Type<object>);
    }
    try {
      return await this.text.transform(demandOnce(value, metadata), metadata);
    } catch (error) {
      throw metadata.type === 'param' && isDomainError(error) ? new DomainError('not_found') : error;
    }
  }
}

function validationPipe(groups: string[]): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: true, value: true },
    // What a transformation leaves undefined does not take the place of a default.
    transformOptions: { groups, exposeUnsetFields: false },
    exceptionFactory: (errors) => invalidQuery(Object.fromEntries(problemsOf(errors, ''))),
  });
}

function demandObject(body: unknown, { metatype }: ArgumentMetadata): unknown {
  const names = metatype === undefined ? [] : knownNames(metatype);
  if (names.length === 0) return body;
  if (body === undefined && metatype !== undefined && isOptionalBody(metatype)) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidQuery({ body: [`must be a JSON object with ${names.join(', ')}`] });
  }
  const most = HTTP_LIMITS.jsonBodyMembers.value;
  if (!hasWiderObject(body, most)) return body;
  throw invalidQuery({ body: [`must not have more than ${most} members in one object`] });
}

/** class-transformer takes time by the square of an object's members. */
function hasWiderObject(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const inner: readonly unknown[] = Object.values(value);
  if (!Array.isArray(value) && inner.length > most) return true;
  return inner.some((one) => hasWiderObject(one, most));
}

/** @param owner the name of the object that is looked at; empty for the whole */
function problemsOf(errors: readonly ValidationError[], owner: string): [string, string[]][] {
  return errors.slice(0, MAX_PROBLEMS).flatMap((error) => {
    const name = nameOf(error.property, owner);
    const own = messagesOf(error);
    const inner = problemsOf(error.children ?? [], name);
    return own.length === 0 ? inner : [[name, own] as [string, string[]], ...inner];
  });
}

function nameOf(property: string, owner: string): string {
  const shown = property.length > MAX_NAME_SHOWN ? `${property.slice(0, MAX_NAME_SHOWN)}…` : property;
  if (owner === '') return shown;
  return /^\d+$/.test(shown) ? `${owner}[${shown}]` : `${owner}.${shown}`;
}

function messagesOf({ property, constraints = {}, target, value }: ValidationError): string[] {
  if ('whitelistValidation' in constraints) return [`is not known here; ${hint(property, target)}`];
  const messages = [...new Set(Object.values(constraints))];
  if (value !== undefined) return messages;
  return messages.map((message) => `is required: ${message.replace(/^must be /, '')}`);
}

function hint(property: string, target: object | undefined): string {
  const known = target === undefined ? [] : knownNames(target.constructor);
  const nearest = nearestName(property.slice(0, MAX_NAME_SHOWN), known);
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
}

/** Every member of a class. */
function knownNames(type: object): readonly string[] {
  const checks = getMetadataStorage().getTargetValidationMetadatas(type as () => void, '', false, false);
  return [...new Set(checks.map(({ propertyName }) => propertyName))];
}

/** Fastify makes an array of a parameter that is given twice, and a parameter without a name of `?&`. */
function demandOnce(query: unknown, { type, metatype }: ArgumentMetadata): unknown {
  if (type !== 'query' || typeof query !== 'object' || query === null || metatype === undefined) return query;
  const { ['']: _nameless, ...named } = query as Record<string, unknown>;
  const repeated = knownNames(metatype).filter((name) => Array.isArray(named[name]) && !isList(metatype, name));
  if (repeated.length === 0) return named;
  throw invalidQuery(Object.fromEntries(repeated.map((name) => [name, ['must be given once']])));
}

/** Whether a member of a class is an array, as the compiler wrote it down beside its decorators. */
function isList({ prototype }: { readonly prototype: unknown }, name: string): boolean {
  return Reflect.getMetadata('design:type', prototype as object, name) === Array;
}
