import { Readable } from 'node:stream';
import { Injectable, Optional } from '@nestjs/common';
import { Catalogue } from '@tidings/catalogue';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { EventCounts } from './event-counts.js';
import { criteriaOf, type EventCriteria } from './event-criteria.js';
import type { EventFilter, EventOrder, ScopeFilter } from './event-filter.js';
import { eventJson, type ShownField, type ShownType } from './event-json.js';
import type { EventName } from './event-statement.js';
import type { PageFindings } from './event-page-answer.js';
import { emptyPage, findingsOf, MAX_COUNTED, sliceOf, type Total } from './event-page-slice.js';
import type { EventPosition } from './event-position.js';
import { EventRepository, type PageEntry, type StoredEvent } from './event.repository.js';
import { LargePageWriter } from './large-page-writer.js';
import { KnownBounds } from './known-bounds.js';
import { isWithin } from './scope-parameter.js';
import { SCOPE_REFUSED } from './scope-rule.js';
import { isSearched } from './search-segments.js';
import { SearchedEventRepository } from './searched-event.repository.js';
import type { StoredSource, StoredType, TypeDictionary } from './type-dictionary.js';
import { TypeDictionaryRepository } from './type-dictionary.repository.js';

/** Which events of a list are asked for, by whom, and what of them. */
export interface PageQuestion {
  readonly filter: EventFilter;
  readonly scopes: readonly string[];
  readonly order: EventOrder;
  readonly position: EventPosition;
  readonly fields: readonly ShownField[];
}

/** A page of events, written. */
export interface WrittenPage extends PageFindings {
  /** A JSON array; of a large page it is read while it is written. */
  readonly json: string | Readable;
}

/** What came in while a query ran may be of types that are newer than the dictionary; more often is bad luck. */
const MAX_TRIES = 3;

/** Answers questions about events. */
@Injectable()
export class EventService {
  private readonly bounds = new KnownBounds();

  constructor(
    private readonly events: EventRepository,
    private readonly searched: SearchedEventRepository,
    private readonly types: TypeDictionaryRepository,
    private readonly catalogue: Catalogue,
    private readonly pages: LargePageWriter,
    @Optional() private readonly counts?: EventCounts,
  ) {}

  /** @throws {DomainError} `invalid_page` when the page lies behind the end */
  async page(question: PageQuestion): Promise<WrittenPage> {
    const { filter, scopes, position, order, fields } = question;
    let dictionary = await this.types.latest();
    for (let tries = 1; ; tries += 1) {
      // It grows meanwhile: what counts is what it had when the criteria were made.
      const { version } = dictionary;
      const criteria = criteriaOf(filter, scopes, dictionary, this.catalogue);
      if (criteria === undefined) {
        const current = await this.types.current();
        if (current.version === version || tries === MAX_TRIES) return emptyPage(position);
        dictionary = current;
        continue;
      }
      const known = await this.knownTotal(criteria, position);
      const countBy = known === undefined ? await this.counts?.selection(criteria) : undefined;
      const slice = { ...sliceOf(position, order, known), ...(countBy !== undefined && { countBy }) };
      const answer = await this.readerOf(criteria).page(criteria, slice);
      if (answer.dictionaryVersion !== version && tries < MAX_TRIES) {
        dictionary = await this.types.refreshed();
        continue;
      }
      const counted = { total: answer.total ?? 0, isExact: true };
      const total = known ?? (countBy === undefined ? this.bounded(criteria, counted) : counted);
      const findings = findingsOf(position, total, answer.entries);
      return { ...findings.page, json: await this.written(findings.entries, dictionary, fields) };
    }
  }

  async count(filter: EventFilter, scopes: readonly string[]): Promise<number> {
    const criteria = criteriaOf(filter, scopes, await this.types.current(), this.catalogue);
    if (criteria === undefined) return 0;
    return (await this.counts?.count(criteria)) ?? (await this.readerOf(criteria).count(criteria));
  }

  private readerOf(criteria: EventCriteria): Pick<EventRepository, 'page' | 'count'> {
    return isSearched(criteria) ? this.searched : this.events;
  }

  /** What needs no counting beside the page: what the first page said, or that it is too much to count. */
  private async knownTotal(criteria: EventCriteria, { page }: EventPosition): Promise<Total | undefined> {
    if (typeof page === 'object') return page;
    // A page far behind the end would be looked for through all the store.
    const ready = typeof page === 'number' && page > 1 ? await this.counts?.count(criteria) : undefined;
    if (ready !== undefined) return { total: ready, isExact: true };
    return this.bounds.has(criteria) ? { total: MAX_COUNTED, isExact: false } : undefined;
  }

  private bounded(criteria: EventCriteria, counted: Total): Total {
    if (counted.total <= MAX_COUNTED) return counted;
    this.bounds.add(criteria);
    return { total: MAX_COUNTED, isExact: false };
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
  async find(by: EventName, scopes: readonly string[], fields: readonly ShownField[]): Promise<string | undefined> {
    const criteria = criteriaOf({}, scopes, await this.types.current(), this.catalogue);
    const event = criteria === undefined ? undefined : await this.events.find(by, criteria);
    if (event === undefined) return undefined;
    return this.write(event, await this.types.current(), fields);
  }

  /**
   * What tells the events of an event's subject: they are at the same site of the same system.
   * @throws {DomainError} `not_found`
   */
  async relatedTo(by: EventName, scopes: readonly string[]): Promise<EventFilter> {
    const dictionary = await this.types.current();
    const criteria = criteriaOf({}, scopes, dictionary, this.catalogue);
    const event = criteria === undefined ? undefined : await this.events.find(by, criteria);
    if (event === undefined) throw new DomainError('not_found');
    const { system } = this.shown(dictionary.byNumber(event.typeId));
    const { site } = sourceShown(dictionary.sourceByNumber(event.sourceId));
    return {
      systems: { anyOf: [system] },
      sites: { anyOf: [site] },
      subjects: { anyOf: event.subject === null ? [] : [event.subject] },
    };
  }

  private async written(
    entries: readonly PageEntry[],
    dictionary: TypeDictionary,
    fields: readonly ShownField[],
  ): Promise<string | Readable> {
    // The dictionary may be older than the rows.
    const isComplete = entries.every((entry) => dictionary.namesOf(entry) !== undefined);
    const types = isComplete ? dictionary : await this.types.refreshed();
    const write = (event: StoredEvent): string => this.write(event, types, fields);
    const events = entries.flatMap(({ event }) => event ?? []);
    if (events.length === entries.length) return `[${events.map(write).join(',')}]`;
    return Readable.from(this.pages.write(entries, write));
  }

  private write(event: StoredEvent, types: TypeDictionary, fields: readonly ShownField[]): string {
    const { typeId, sourceId } = event;
    return eventJson(event, this.shown(types.byNumber(typeId)), sourceShown(types.sourceByNumber(sourceId)), fields);
  }

  private shown(type: StoredType | undefined): ShownType {
    if (type === undefined) throw new RangeError('an event is of a type that the store does not have');
    return { ...type, contextField: this.catalogue.system(type.system)?.contextField };
  }
}

function sourceShown(source: StoredSource | undefined): StoredSource {
  if (source === undefined) throw new RangeError('an event is of a source that the store does not have');
  return source;
}
