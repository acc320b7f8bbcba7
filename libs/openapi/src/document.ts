import { type ErrorDialect, providedDialects } from '@tidings/runtime';
import { declaredHandlers, type DeclaredRoute } from '@tidings/access';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type DescribedRoute, describedRoutes } from './described-routes.js';
import { errorAnswers, errorSchemas } from './error-answers.js';
import { API_OPERATIONS, type ApiParameter, type Operation, type Operations } from './operation.js';

/** An operation as the document has it. */
export interface DocumentedOperation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly object[];
  readonly parameters: readonly ApiParameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

/** An OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, object>> };
}

/** The version of this API, and of the programs that serve it. */
export const API_VERSION = '0.1.0';

const DESCRIPTION = [
  'Life-cycle events of many systems: taken in, kept exactly once, queried and streamed.',
  'Every path is served with a slash at its end and without. A method that a path does not have is answered 405 with',
  '`Allow`. Tokens come as `Authorization: Bearer X`, `Token X` or `Bearer Token X`.',
].join(' ');

const TOKEN = { description: 'A token of `POST /api/tokens/`, or the admin token.', type: 'http', scheme: 'bearer' };

/**
 * Writes down the API of an application: the routes that describe themselves, and those that its modules still describe
 * under {@link API_OPERATIONS}, with the errors of the table.
 */
export function apiDocument(app: NestFastifyApplication): ApiDocument {
  const modules = app.get(ModulesContainer);
  const provided = providedOperations(modules);
  const dialects = providedDialects(modules);
  const { routes, schemas } = describedRoutes(app);
  const all = [...routes.map(writtenRoute), ...providedRoutes(modules, provided)];
  all.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  for (const { method, path, access, operation } of all) {
    const methods = (paths[documentedPath(path)] ??= {});
    methods[method.toLowerCase()] = documented({ method, path, access, operation }, dialects);
    if (operation.head === true) methods['head'] = headOf(methods[method.toLowerCase()] as DocumentedOperation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tidings', version: API_VERSION, description: DESCRIPTION },
    paths,
    components: {
      securitySchemes: { token: TOKEN },
      schemas: { ...errorSchemas(dialects), ...schemas },
    },
  };
}

/** With the path as routes declare it. */
function writtenRoute(route: DescribedRoute): DescribedRoute {
  return { ...route, path: route.path.replace(/\{(\w+)\}/g, ':$1') };
}

function providedRoutes(modules: ModulesContainer, provided: ReadonlyMap<string, Operation>): DescribedRoute[] {
  return declaredHandlers(modules).flatMap(({ method, path, access }: DeclaredRoute) => {
    const operation = provided.get(`${method} ${path}`);
    return operation === undefined ? [] : [{ method, path, access, operation }];
  });
}

function providedOperations(modules: ModulesContainer): Map<string, Operation> {
  const provided = [...modules.values()].flatMap((module) => {
    const instance: unknown = module.providers.get(API_OPERATIONS)?.instance;
    return instance === undefined || instance === null ? [] : [instance as Operations];
  });
  return new Map(provided.flatMap((operations) => Object.entries(operations)));
}

function documented(
  { method, path, access, operation }: DescribedRoute,
  dialects: readonly ErrorDialect[],
): DocumentedOperation {
  const dialect = dialects.find((one) => one.documented !== undefined && one.covers(path));
  const { parameters = [] } = operation;
  const hasQuery = parameters.some((parameter) => parameter.in === 'query');
  return {
    tags: [operation.tag],
    operationId: operationId(method, path),
    summary: operation.summary,
    description: [operation.description ?? '', demand(access)].filter(Boolean).join(' '),
    security: access === 'public' ? [] : [{ token: [] }],
    parameters,
    ...(operation.body !== undefined && { requestBody: operation.body }),
    responses: { ...errorAnswers(operation, access, hasQuery, dialect), ...operation.answers },
  };
}

/** The same without bodies. */
function headOf(operation: DocumentedOperation): DocumentedOperation {
  const responses = Object.entries(operation.responses).map(([status, answer]) => [
    status,
    Object.fromEntries(Object.entries(answer).filter(([member]) => member !== 'content')),
  ]);
  return {
    ...operation,
    operationId: `head_${operation.operationId}`,
    summary: `${operation.summary} Only the headers.`,
    responses: Object.fromEntries(responses) as DocumentedOperation['responses'],
  };
}

function demand(access: DeclaredRoute['access']): string {
  if (access === 'public') return 'Open to all.';
  return access === 'authenticated' ? 'Any valid token.' : `Permission: \`${String(access)}\`.`;
}

/** Waldur's paths end in a slash, and so do all that are like them. */
function documentedPath(path: string): string {
  const braced = path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
  return braced.startsWith('/api/') ? `${braced}/` : braced;
}

function operationId(method: string, path: string): string {
  const words = path
    .replace(/\*$/, 'path')
    .split(/[/:.-]+/)
    .filter(Boolean);
  return [method.toLowerCase(), ...words].join('_');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
