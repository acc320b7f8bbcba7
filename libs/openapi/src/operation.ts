import type { ErrorCode } from '@tidings/runtime';

/** A JSON Schema of the 2020-12 draft, as OpenAPI 3.1 uses it. */
export type Schema = Readonly<Record<string, unknown>>;

/** A parameter as OpenAPI describes it. */
export interface ApiParameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly style?: 'form';
  readonly explode?: boolean;
  readonly example: unknown;
}

/** A header of an answer. */
export interface ApiHeader {
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** An answer's body or a request's, by media type. */
export type ApiContent = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

/** An answer that is no error. */
export interface ApiAnswer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, ApiHeader>>;
  readonly content?: ApiContent;
}

/** What the document says of one route, beyond what its code tells: its access, and the parameters of its query class. */
export interface Operation {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Of the path, of headers and of the query. */
  readonly parameters?: readonly ApiParameter[];
  readonly body?: { readonly description: string; readonly required: boolean; readonly content: ApiContent };
  readonly answers: Readonly<Record<number, ApiAnswer>>;
  /** How it can fail, besides what any request can: without a body that is read, those of its access and its query. */
  readonly errors?: readonly ErrorCode[];
  /** Whether clients ask for it with HEAD, too, for the sake of the headers. */
  readonly head?: boolean;
}

/** Operations by method and path as the routes declare them: `GET /api/events/:id`. */
export type Operations = Readonly<Record<string, Operation>>;

/** Under this token a module provides the {@link Operations} of its routes. */
export const API_OPERATIONS = Symbol('API_OPERATIONS');
