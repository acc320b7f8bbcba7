/** An event type that the store has seen, with the number under which rows name it. */
export interface StoredType {
  readonly id: number;
  readonly system: string;
  readonly type: string;
  readonly nativeType: string;
}

/** The event types that the store has seen, declared or not, as of one moment. */
export class TypeDictionary {
  private readonly byId = new Map<number, StoredType>();
  private readonly byName = new Map<string, number[]>();
  private readonly bySystem = new Map<string, number[]>();

  constructor(types: readonly StoredType[]) {
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
