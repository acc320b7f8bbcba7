import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { ApiParameter, DescribesQuery } from './operation.js';

/** The parameters of the query that a handler's own pipes say they read. */
export function queryOf(controller: object, handler: string): readonly ApiParameter[] {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Readonly<
    Record<string, { readonly pipes?: readonly unknown[] }>
  >;
  const pipes = Object.values(args).flatMap(({ pipes: all }) => all ?? []);
  return pipes.filter(describesQuery).flatMap((pipe) => pipe.describeQuery());
}

function describesQuery(pipe: unknown): pipe is DescribesQuery {
  return typeof pipe === 'object' && pipe !== null && 'describeQuery' in pipe;
}
