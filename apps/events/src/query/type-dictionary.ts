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

/** The event types, declared or not, and the sources that the store has seen, as of one moment. */
export class TypeDictionary {
  private readonly byId = new Map<number, StoredType>();
  private readonly byName = new Map<string, number[]>();
  private readonly bySystem = new Map<string, number[]>();

  private readonly sources = new Map<number, StoredSource>();
  private readonly bySource = new Map<string, number[]>();
  private readonly bySite = new Map<string, number[]>();

  constructor(types: readonly StoredType[], sources: readonly StoredSource[] = []) {
    for (const stored of sources) {
      this.sources.set(stored.id, stored);
      collect(this.bySource, stored.source, stored.id);
      collect(this.bySite, stored.site, stored.id);
    }
    for (const stored of types) {
      this.byId.set(stored.id, stored);
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
