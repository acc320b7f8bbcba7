import type { ParsedUrlQuery } from 'node:querystring';
import { Injectable } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';

/** Which events a client of `/1.0/events` asks for. */
export interface StreamRequest {
  /** LXD's own types; undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
  /** Undefined: of all projects. */
  readonly project: string | undefined;
}

/** All that any LXD or Incus sends, newer ones included; besides these, whatever has been stored may be asked for. */
const TYPES: ReadonlySet<string> = new Set([
  'logging',
  'operation',
  'lifecycle',
  'network-acl',
  'ovn',
  'security',
  'config',
  'device',
]);

const DEFAULT_PROJECT = 'default';

/** What LXD takes for yes. */
const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 'on']);

/** Reads what clients of `/1.0/events` ask for. */
@Injectable()
export class StreamRequests {
  constructor(private readonly types: TypeDictionaryRepository) {}

  /**
   * Reads the parameters of `/1.0/events`. As LXD does, it takes the first of a repeated one and ignores what it does not
   * know.
   * @throws {DomainError} `invalid_query` for a type that no LXD has, or a project beside `all-projects`
   */
  async of(query: ParsedUrlQuery): Promise<StreamRequest> {
    const project = first(query['project']);
    const all = YES.has(first(query['all-projects']).toLowerCase());
    if (all && project !== '') {
      throw invalidQuery({ 'all-projects': ['Cannot specify a project when requesting all projects'] });
    }
    const given = first(query['type']);
    const types = given === '' ? [] : given.split(',');
    const unknown = await this.unknownOf(types.filter((type) => !TYPES.has(type)));
    if (unknown !== undefined) {
      throw invalidQuery({ type: [`${JSON.stringify(unknown)} isn't a supported event type`] });
    }
    return {
      types: types.length === 0 ? undefined : new Set(types),
      project: all ? undefined : project === '' ? DEFAULT_PROJECT : project,
    };
  }

  private async unknownOf(types: readonly string[]): Promise<string | undefined> {
    if (types.length === 0) return undefined;
    const seen = await this.types.current();
    const prefix = catalogue.system('lxd')?.typePrefix ?? '';
    return types.find((type) => seen.named([prefix + type]).size === 0);
  }
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
