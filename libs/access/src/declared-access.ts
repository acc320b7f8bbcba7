import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';
import { UpgradeDispatcher, type UpgradeRoute } from './upgrade-dispatcher.js';

/** A route as it is declared. */
export interface DeclaredRoute {
  /** `GET`, `POST` and so on; `WEBSOCKET` for the GET that upgrades. */
  readonly method: string;
  /** With a slash at its start and none at its end. */
  readonly path: string;
  /** Undefined: it declares nothing, and nobody may call it. */
  readonly access: RouteAccess | undefined;
}

/** Lists every route of an application with what it demands, sorted by path and method. */
export function declaredRoutes(app: INestApplicationContext): DeclaredRoute[] {
  const routes = declaredHandlers(app.get(ModulesContainer));
  const upgrades = upgradesOf(app).map(({ path, access }) => ({ method: 'WEBSOCKET', path, access }));
  return [...routes, ...upgrades].sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
}

/** Lists what answers at HTTP routes; upgrades are not among it. */
export function declaredHandlers(modules: ModulesContainer): DeclaredRoute[] {
  const reflector = new Reflector();
  const scanner = new MetadataScanner();
  const handlers: DeclaredRoute[] = [];
  for (const module of modules.values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, (...args: never[]) => unknown>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler === undefined) continue;
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) continue;
        const access = reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [handler, metatype]);
        for (const path of joinedPaths(metatype, handler)) {
          handlers.push({ method: RequestMethod[method] ?? 'ALL', path, access });
        }
      }
    }
  }
  return handlers;
}

function upgradesOf(app: INestApplicationContext): readonly UpgradeRoute[] {
  for (const module of app.get(ModulesContainer).values()) {
    const dispatcher: unknown = module.providers.get(UpgradeDispatcher)?.instance;
    if (dispatcher instanceof UpgradeDispatcher) return dispatcher.routes;
  }
  return [];
}

function joinedPaths(controller: object, handler: object): string[] {
  const of = (target: object): string[] =>
    [(Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined) ?? ''].flat();
  return of(controller).flatMap((prefix) =>
    of(handler).map((path) => `/${[prefix, path].join('/').split('/').filter(Boolean).join('/')}`),
  );
}
