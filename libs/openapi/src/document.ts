import { declaredHandlers, type RouteHandler } from '@tidings/access';
import type { ModulesContainer } from '@nestjs/core';
import { errorAnswers, errorSchemas } from './error-answers.js';
import { API_OPERATIONS, type ApiParameter, type Operation, type Operations } from './operation.js';
import { queryOf } from './route-query.js';

/** An operation as the document has it. */
export interface DocumentedOperation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly object[];
  readonly parameters: readonly ApiParameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** An OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: object;
}

const DESCRIPTION = [
  'Life-cycle events of many systems: taken in, kept exactly once, queried and streamed.',
  'Every path is served with a slash at its end and without. A method that a path does not have is answered 405 with',
  '`Allow`. Tokens come as `Authorization: Bearer X`, `Token X` or `Bearer Token X`.',
].join(' ');

const TOKEN = { description: 'A token of `POST /api/tokens/`, or the admin token.', type: 'http', scheme: 'bearer' };

/**
 * Writes down the API of a process: the routes that it has, each with what its module provides under
 * {@link API_OPERATIONS}, the parameters that its code reads, and the errors of the table.
 */
export function apiDocument(modules: ModulesContainer): ApiDocument {
  const operations = providedOperations(modules);
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  const handlers = declaredHandlers(modules).sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
  for (const handler of handlers) {
    const operation = operations.get(`${handler.method} ${handler.path}`);
    if (operation === undefined) continue;
    const path = (paths[documentedPath(handler.path)] ??= {});
    path[handler.method.toLowerCase()] = documented(handler, operation);
    if (operation.head === true) path['head'] = headOf(documented(handler, operation));
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tidings', version: '0.1.0', description: DESCRIPTION },
    paths,
    components: { securitySchemes: { token: TOKEN }, schemas: errorSchemas(operations.values()) },
  };
}

function providedOperations(modules: ModulesContainer): Map<string, Operation> {
  const provided = [...modules.values()].flatMap((module) => {
    const instance: unknown = module.providers.get(API_OPERATIONS)?.instance;
    return instance === undefined || instance === null ? [] : [instance as Operations];
  });
  return new Map(provided.flatMap((operations) => Object.entries(operations)));
}

function documented(
  { method, path, access, controller, handler }: RouteHandler,
  operation: Operation,
): DocumentedOperation {
  const query = queryOf(controller, handler);
  const parameters = [...(operation.parameters ?? []), ...query];
  const hasQuery = parameters.some((parameter) => parameter.in === 'query');
  return {
    tags: [operation.tag],
    operationId: operationId(method, path),
    summary: operation.summary,
    description: [operation.description ?? '', demand(access)].filter(Boolean).join(' '),
    security: access === 'public' ? [] : [{ token: [] }],
    parameters,
    ...(operation.body !== undefined && { requestBody: operation.body }),
    responses: { ...errorAnswers(operation, access, hasQuery), ...operation.answers },
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

function demand(access: RouteHandler['access']): string {
  if (access === 'public') return 'Open to all.';
  return access === 'authenticated' ? 'Any valid token.' : `Permission: \`${String(access)}\`.`;
}

/** Waldur's paths end in a slash, and so do all that are like them. */
function documentedPath(path: string): string {
  const braced = path.replace(/:(\w+)/g, '{$1}');
  return braced.startsWith('/api/') ? `${braced}/` : braced;
}

function operationId(method: string, path: string): string {
  const words = path.split(/[/:.-]+/).filter(Boolean);
  return [method.toLowerCase(), ...words].join('_');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
