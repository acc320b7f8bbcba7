import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Catalogue } from '@tidings/catalogue';
import { typesFitting } from './event-pattern.js';
import { marksOf, type HandlerMark } from './handler-decorators.js';
import { noCounts, type HandlerWork } from './handler-work.js';
import { DEFAULT_RETRY_AFTER_MS } from './handling-verdict.js';
import { SubscribingError } from './subscribing-error.js';
import { checkSchedule } from './subscribing-options.js';

type Instance = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

/** Finds the marked methods of everything that Nest has made. */
@Injectable()
export class HandlerExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /**
   * @param retryAfterMs for handlers that have no schedule of their own
   * @throws {SubscribingError} where a method is marked that cannot be called, or with a pattern that fits nothing
   */
  handlers(catalogue: Catalogue, retryAfterMs: readonly number[] = DEFAULT_RETRY_AFTER_MS): readonly HandlerWork[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const found = wrappers.flatMap((wrapper) => {
      const prototype = wrapper.metatype?.prototype as object | undefined;
      if (prototype === undefined) return [];
      const marked = this.scanner
        .getAllMethodNames(prototype)
        .map((key) => ({ key, marks: marksOf((prototype as Instance)[key] as object) }))
        .filter(({ marks }) => marks.length > 0);
      if (marked.length === 0) return [];
      const className = wrapper.metatype?.name ?? '';
      if (!wrapper.isDependencyTreeStatic() || wrapper.isTransient) {
        const reason = 'is made anew for each request or user; events come without one, so make it a singleton';
        throw new SubscribingError('UNUSABLE_HANDLER', `${className} ${reason}`);
      }
      const instance = wrapper.instance as Instance;
      return marked.flatMap(({ key, marks }) =>
        marks.map((mark, index) => {
          const name = `${className}.${key}${marks.length > 1 ? `#${index + 1}` : ''}`;
          return workOf(name, instance, key, mark, catalogue, retryAfterMs);
        }),
      );
    });
    // A provider can be found by several modules.
    return [...new Map(found.map((handler) => [handler.name, handler])).values()];
  }
}

function workOf(
  name: string,
  instance: Instance,
  key: string,
  mark: HandlerMark,
  catalogue: Catalogue,
  retryAfterMs: readonly number[],
): HandlerWork {
  if (mark.retryAfterMs !== undefined) checkSchedule(`retryAfterMs of ${name}`, mark.retryAfterMs);
  if (mark.size !== undefined && (!Number.isSafeInteger(mark.size) || mark.size < 1)) {
    throw new SubscribingError('INVALID_OPTION', `size of ${name} must be a whole number from 1`);
  }
  const types = mark.patterns.flatMap((pattern) => typesFitting(pattern, catalogue).map(({ type }) => type));
  return {
    name,
    types: new Set(types),
    retryAfterMs: mark.retryAfterMs ?? retryAfterMs,
    size: mark.size,
    counts: noCounts(),
    invoke: (given, context) => instance[key]?.(given, context),
  };
}
