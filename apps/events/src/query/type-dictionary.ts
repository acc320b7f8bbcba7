/** An event type that the store has seen, with the number under which rows name it. */
export interface StoredType {
  readonly id: number;
  readonly system: string;
  readonly type: string;
  readonly nativeType: string;
}

/** A CloudEvents source that the store has seen, with the number under which rows name it. */
export interface StoredSource {
  readonly id: number;
  readonly source: string;
  readonly site: string;
}

/** An SQL expression: the {@link TypeDictionary.version} of what the store has now. */
export const DICTIONARY_VERSION =
  "(SELECT count(*) FROM events.event_type) || '/' || (SELECT count(*) FROM events.source)";

/** What an event's type and source are called. */
export type EventNames = Omit<StoredType, 'id'> & Omit<StoredSource, 'id'>;

/** The event types, declared or not, and the sources that the store has seen. It only grows. */
export class TypeDictionary {
  private readonly byId = new Map<number, StoredType>();
  private readonly byName = new Map<string, number[]>();
  private readonly bySystem = new Map<string, number[]>();

  private readonly sources = new Map<number, StoredSource>();
  private readonly bySource = new Map<string, number[]>();
  private readonly bySite = new Map<string, number[]>();

  /** The largest numbers that it has. */
  readonly last = { typeId: 0, sourceId: 0 };

  constructor(types: readonly StoredType[] = [], sources: readonly StoredSource[] = []) {
    this.add(types, sources);
  }

  /** Takes in what it does not have yet. */
  add(types: readonly StoredType[], sources: readonly StoredSource[]): void {
    for (const stored of sources) {
      if (this.sources.has(stored.id)) continue;
      this.sources.set(stored.id, stored);
      this.last.sourceId = Math.max(this.last.sourceId, stored.id);
      collect(this.bySource, stored.source, stored.id);
      collect(this.bySite, stored.site, stored.id);
    }
    for (const stored of types) {
      if (this.byId.has(stored.id)) continue;
      this.byId.set(stored.id, stored);
      this.last.typeId = Math.max(this.last.typeId, stored.id);
      collect(this.byName, stored.type, stored.id);
      if (stored.nativeType !== stored.type) collect(this.byName, stored.nativeType, stored.id);
      collect(this.bySystem, stored.system, stored.id);
    }
  }

  get size(): number {
    return this.byId.size;
  }

  get sourceCount(): number {
    return this.sources.size;
  }

  /** Tells two of them apart: nothing is ever taken out of them. As {@link DICTIONARY_VERSION} says it in SQL. */
  get version(): string {
    return `${this.size}/${this.sourceCount}`;
  }

  readonly typeIds = (): Iterable<number> => this.byId.keys();
  readonly sourceIds = (): Iterable<number> => this.sources.keys();

  sourceByNumber(id: number): StoredSource | undefined {
    return this.sources.get(id);
  }

  byNumber(id: number): StoredType | undefined {
    return this.byId.get(id);
  }

  /** What a row's type and source are called; undefined when it does not have both. */
  namesOf({ typeId, sourceId }: { readonly typeId: number; readonly sourceId: number }): EventNames | undefined {
    const type = this.byId.get(typeId);
    const source = this.sources.get(sourceId);
    return type === undefined || source === undefined ? undefined : { ...type, ...source };
  }

  /** @param names full or native; one that the store has not seen stands for no type */
  named(names: Iterable<string>): ReadonlySet<number> {
    return union(this.byName, names);
  }

  ofSystems(systems: Iterable<string>): ReadonlySet<number> {
    return union(this.bySystem, systems);
  }

  sourcesNamed(sources: Iterable<string>): ReadonlySet<number> {
    return union(this.bySource, sources);
  }

  ofSites(sites: Iterable<string>): ReadonlySet<number> {
    return union(this.bySite, sites);
  }
}

function collect(map: Map<string, number[]>, key: string, id: number): void {
  const ids = map.get(key);
  if (ids === undefined) map.set(key, [id]);
  else ids.push(id);
}

function union(map: ReadonlyMap<string, readonly number[]>, keys: Iterable<string>): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const key of keys) for (const id of map.get(key) ?? []) ids.add(id);
  return ids;
}
