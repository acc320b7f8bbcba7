import { Injectable } from '@nestjs/common';
import { Catalogue } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import type { PageRequest } from '../paging/page-request.js';
import { criteriaOf } from './event-criteria.js';
import type { EventFilter, EventOrder, ScopeFilter } from './event-filter.js';
import { eventJson, type EventField, type ShownType } from './event-json.js';
import type { EventName } from './event-statement.js';
import { EventRepository, type StoredEvent } from './event.repository.js';
import { isWithin } from './scope-parameter.js';
import { SCOPE_REFUSED } from './scope-rule.js';
import type { StoredType, TypeDictionary } from './type-dictionary.js';
import { TypeDictionaryRepository } from './type-dictionary.repository.js';

/** A page of events, written. */
export interface WrittenPage {
  /** How many events match, on whatever page. */
  readonly total: number;
  /** A JSON array. */
  readonly json: string;
}

/** Answers questions about events. */
@Injectable()
export class EventService {
  constructor(
    private readonly events: EventRepository,
    private readonly types: TypeDictionaryRepository,
    private readonly catalogue: Catalogue,
  ) {}

  async page(
    filter: EventFilter,
    scopes: readonly string[],
    order: EventOrder,
    page: PageRequest,
    fields: readonly EventField[],
  ): Promise<WrittenPage> {
    const dictionary = await this.types.current();
    const criteria = criteriaOf(filter, scopes, dictionary, this.catalogue);
    if (criteria === undefined) return { total: 0, json: '[]' };
    const { total, events } = await this.events.page(criteria, order, page);
    return { total, json: `[${(await this.write(events, dictionary, fields)).join(',')}]` };
  }

  async count(filter: EventFilter, scopes: readonly string[]): Promise<number> {
    const criteria = criteriaOf(filter, scopes, await this.types.current(), this.catalogue);
    return criteria === undefined ? 0 : this.events.count(criteria);
  }

  /**
   * Whoever asks for a scope by its name is told when there is nothing of it to see, as by Waldur: a customer's scope may
   * show a project that nothing else names.
   * @throws {DomainError} `invalid_query`
   */
  async checkScopes(named: readonly ScopeFilter[], scopes: readonly string[]): Promise<void> {
    for (const scope of named.filter((each) => !isWithin(each, scopes))) {
      const criteria = criteriaOf({ scopes: [scope] }, scopes, await this.types.current(), this.catalogue);
      const isSeen = criteria !== undefined && (await this.events.isAny(criteria));
      if (!isSeen) throw invalidQuery({ scope: [SCOPE_REFUSED] });
    }
  }

  /** @returns the event as JSON; undefined when there is none, or none that the scopes show */
  async find(by: EventName, scopes: readonly string[], fields: readonly EventField[]): Promise<string | undefined> {
    const criteria = criteriaOf({}, scopes, await this.types.current(), this.catalogue);
    const event = criteria === undefined ? undefined : await this.events.find(by, criteria);
    if (event === undefined) return undefined;
    const [json] = await this.write([event], await this.types.current(), fields);
    return json;
  }

  private async write(
    events: readonly StoredEvent[],
    dictionary: TypeDictionary,
    fields: readonly EventField[],
  ): Promise<string[]> {
    // The dictionary may be older than the rows.
    const complete = events.every(({ typeId }) => dictionary.byNumber(typeId) !== undefined);
    const types = complete ? dictionary : await this.types.refreshed();
    return events.map((event) => eventJson(event, this.shown(types.byNumber(event.typeId)), fields));
  }

  private shown(type: StoredType | undefined): ShownType {
    if (type === undefined) throw new RangeError('an event is of a type that the store does not have');
    return { nativeType: type.nativeType, contextField: this.catalogue.system(type.system)?.contextField };
  }
}
