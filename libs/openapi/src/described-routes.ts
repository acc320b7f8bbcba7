import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { ACCESS_EXTENSION, type RouteAccess } from '@tidings/access';
import type { ErrorCode } from '@tidings/runtime';
import { ANY_TYPE } from './fields.js';
import type { ApiAnswer, ApiParameter, Operation, Schema } from './operation.js';
import type { RequestPolicy } from './request-pipe.js';
import { EXTENSIONS } from './route.js';
import { exampleOf } from './schema-example.js';

/** A route that describes itself, by its decorators and those of its classes. */
export interface DescribedRoute {
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly access: RouteAccess | undefined;
  readonly operation: Operation;
}

/** The routes of an application that describe themselves, and the schemas that they refer to. */
export interface DescribedRoutes {
  readonly routes: readonly DescribedRoute[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

type Schemas = Record<string, Schema>;

/** An operation as Nest's own document has it. */
interface NestOperation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: NonNullable<Operation['body']>;
  readonly responses: Readonly<Record<string, ApiAnswer>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** What any JSON body can fail with. How long one may be that the route reads itself is the route's own matter. */
const JSON_BODY_ERRORS: readonly ErrorCode[] = ['malformed_json', 'invalid_query', 'unsupported_media_type'];

/** Reads Nest's document of an application, which has the routes' metadata, and leaves out what describes nothing. */
export function describedRoutes(app: NestFastifyApplication): DescribedRoutes {
  const { paths, components } = SwaggerModule.createDocument(
    app,
    { openapi: '3.1.0', info: { title: '', version: '' } },
    { autoTagControllers: false },
  );
  const schemas = withoutInventedTypes({ ...components?.schemas } as Schemas);
  const routes = Object.entries(paths as Record<string, Record<string, NestOperation>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => EXTENSIONS.policy in operation)
      .map(([method, operation]) => describedRoute(method.toUpperCase(), path, operation, schemas)),
  );
  return { routes, schemas: referredSchemas(routes, schemas) };
}

function withoutInventedTypes(schemas: Schemas): Schemas {
  return JSON.parse(JSON.stringify(schemas), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(ANY_TYPE in value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== ANY_TYPE && name !== 'type'));
  }) as Schemas;
}

function describedRoute(method: string, path: string, operation: NestOperation, schemas: Schemas): DescribedRoute {
  const { tags, summary = '', description, parameters = [], responses } = operation;
  const { nullIsMissing = false, readQuery } = operation[EXTENSIONS.policy] as RequestPolicy;
  const requestBody = bodyOf(operation);
  // A form has no null.
  for (const [mediaType, { schema }] of Object.entries(requestBody?.content ?? {})) {
    refuseOthers(schema, nullIsMissing && mediaType.endsWith('json'), schemas);
  }
  return {
    method,
    path,
    access: operation[ACCESS_EXTENSION] as RouteAccess | undefined,
    operation: {
      tag: tags?.[0] ?? '',
      summary,
      ...(description !== undefined && { description }),
      // What reads queries itself has said in their schemas what an empty text is.
      parameters: parameters.map((one) => documentedParameter(one, nullIsMissing && readQuery === undefined)),
      ...(requestBody !== undefined && {
        body: { ...withExamples(requestBody, schemas), required: requestBody.required },
      }),
      answers: Object.fromEntries(
        Object.entries(responses).map(([status, answer]) => [status, withExamples(answer, schemas)]),
      ),
      errors: errorsOf(path, operation),
      head: operation[EXTENSIONS.head] === true,
    },
  };
}

/** Nest cannot tell the class of a body that the route reads itself. */
function bodyOf(operation: NestOperation): Operation['body'] {
  return (operation[EXTENSIONS.body] as Operation['body'] | undefined) ?? operation.requestBody;
}

function errorsOf(path: string, operation: NestOperation): readonly ErrorCode[] {
  const json = bodyOf(operation)?.content['application/json']?.schema ?? {};
  // A body that is read as a stream has no class, and errors of its own.
  const isChecked = '$ref' in json;
  return [
    ...(isChecked ? JSON_BODY_ERRORS : []),
    ...(isChecked && operation[EXTENSIONS.body] === undefined ? (['body_too_large'] as const) : []),
    ...(path.includes('{') ? (['not_found'] as const) : []),
    ...((operation[EXTENSIONS.errors] ?? []) as readonly ErrorCode[]),
    ...((operation[EXTENSIONS.controllerErrors] ?? []) as readonly ErrorCode[]),
  ];
}

/** Nest leaves some of what a parameter's class says outside of its schema, and the example inside. */
function documentedParameter(parameter: ApiParameter, emptyIsMissing: boolean): ApiParameter {
  const { name, in: place, description, required, schema, example, style, explode } = parameter;
  const { example: inner, ...bare } = schema;
  return {
    name,
    in: place,
    description,
    ...(required === true && { required }),
    schema: emptyIsMissing && place === 'query' ? orEmpty(bare) : bare,
    ...(style !== undefined && { style }),
    ...(explode !== undefined && { explode }),
    example: example ?? inner,
  };
}

function withExamples<Body extends Pick<ApiAnswer, 'content'>>(body: Body, schemas: Schemas): Body {
  if (body.content === undefined) return body;
  const content = Object.entries(body.content).map(([mediaType, { schema, ...media }]) => {
    const example = 'example' in media ? media.example : exampleOf(schema, schemas);
    return [mediaType, { schema, ...(example !== undefined && { example }) }];
  });
  return { ...body, content: Object.fromEntries(content) as ApiAnswer['content'] };
}

/** What {@link RequestPipe} does: members that a class does not have are refused, and null may stand for a missing one. */
function refuseOthers(schema: Schema, nullIsMissing: boolean, schemas: Schemas): void {
  for (const name of referredNames(schema)) {
    const found = schemas[name];
    if (found === undefined || 'additionalProperties' in found) continue;
    const required = (found['required'] ?? []) as readonly string[];
    const properties = Object.entries((found['properties'] ?? {}) as Schemas).map(([member, one]) => [
      member,
      nullIsMissing && !required.includes(member) ? orNull(one) : one,
    ]);
    schemas[name] = { ...found, properties: Object.fromEntries(properties) as Schemas, additionalProperties: false };
    refuseOthers(found, nullIsMissing, schemas);
  }
}

function orNull(schema: Schema): Schema {
  const { type, enum: values, $ref: reference, ...rest } = schema;
  if (typeof reference === 'string') return { ...rest, anyOf: [{ $ref: reference }, { type: 'null' }] };
  if (typeof type !== 'string') return schema;
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) };
}

/** An empty text in a query stands for a missing one. */
function orEmpty(schema: Schema): Schema {
  const { type, pattern, format, enum: values } = schema;
  if (type !== 'string') return schema;
  if (Array.isArray(values)) return { ...schema, enum: [...(values as unknown[]), ''] };
  if (typeof pattern === 'string') return { ...schema, pattern: `^$|${pattern}` };
  return format === undefined ? schema : { anyOf: [schema, { type, maxLength: 0 }] };
}

/** Classes of routes that have not been converted may be among Nest's schemas, too. */
function referredSchemas(routes: readonly DescribedRoute[], schemas: Schemas): Schemas {
  const found = new Set<string>();
  const add = (value: unknown): void => {
    for (const name of referredNames(value)) {
      if (found.has(name)) continue;
      found.add(name);
      add(schemas[name]);
    }
  };
  add(routes.map(({ operation }) => operation));
  return Object.fromEntries([...found].sort().map((name) => [name, schemas[name] ?? {}]));
}

function referredNames(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
}
