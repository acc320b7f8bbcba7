import { closest, distance } from 'fastest-levenshtein';
import { CatalogueError } from './catalogue-error.js';
import type { SystemDefinition } from './definition.js';
import { readerOf, type EventReader } from './event-reader.js';
import { resolveEventType, uncataloguedTopic, type EventType } from './event-type.js';
import { systemOfSource } from './source.js';
import { systemProblems } from './system-rules.js';

interface CatalogueIndex {
  readonly bySystem: Map<string, SystemDefinition>;
  readonly byType: Map<string, EventType>;
  readonly byNativeType: Map<string, EventType[]>;
}

/** Event types of several systems, looked up by their names. */
export class Catalogue {
  private readonly index: CatalogueIndex = { bySystem: new Map(), byType: new Map(), byNativeType: new Map() };
  private readonly undeclared = new Map<string, EventReader>();
  private isRead = false;

  /** @throws {TypeError} when two rows have one name, or a row has no home or a scope that its system does not know */
  constructor(systems: readonly SystemDefinition[]) {
    for (const definition of systems) this.addSystem(definition);
  }

  /**
   * Adds systems that others declared: a team's own. What was read from the catalogue before would not know of them, so
   * that has to be done before anything is read from it.
   * @param systems as `system()` makes them; they may come from outside of what the compiler has seen
   * @throws {CatalogueError} when one of them is declared wrongly, or the catalogue has been read; nothing is added then
   */
  extend(systems: readonly unknown[]): void {
    if (this.isRead) {
      const problem = 'the catalogue has been read; add systems before anything else is started';
      throw new CatalogueError('ALREADY_READ', [{ field: '', problem }]);
    }
    const known = [...this.index.bySystem.values()];
    const problems = systems.flatMap((candidate) => {
      const found = systemProblems(candidate, known);
      if (found.length === 0) known.push(candidate as SystemDefinition);
      return found;
    });
    if (problems.length > 0) throw new CatalogueError('INVALID_SYSTEM', problems);
    for (const definition of systems) this.addSystem(definition as SystemDefinition);
  }

  private addSystem(definition: SystemDefinition): void {
    const { bySystem } = this.index;
    if (bySystem.has(definition.name)) throw new TypeError(`the system ${definition.name} is declared twice`);
    bySystem.set(definition.name, definition);
    for (const [key, row] of Object.entries(definition.events)) this.addType(resolveEventType(definition, key, row));
  }

  private addType(declared: EventType): void {
    const { byType, byNativeType } = this.index;
    if (byType.has(declared.type)) throw new TypeError(`the event type ${declared.type} is declared twice`);
    byType.set(declared.type, declared);
    const namesakes = byNativeType.get(declared.nativeType);
    if (namesakes === undefined) byNativeType.set(declared.nativeType, [declared]);
    else namesakes.push(declared);
  }

  private read(): CatalogueIndex {
    this.isRead = true;
    return this.index;
  }

  systems(): readonly SystemDefinition[] {
    return [...this.read().bySystem.values()];
  }

  system(name: string): SystemDefinition | undefined {
    return this.read().bySystem.get(name);
  }

  types(): readonly EventType[] {
    return [...this.read().byType.values()];
  }

  /** @param type the full name */
  type(type: string): EventType | undefined {
    return this.read().byType.get(type);
  }

  /** Every type that goes by this name: one for a full name, for a native one as many as systems use it. */
  named(name: string): readonly EventType[] {
    const declared = this.read().byType.get(name);
    return declared === undefined ? (this.read().byNativeType.get(name) ?? []) : [declared];
  }

  /** The types of each of a system's groups, in the order of their declaration. */
  groups(system: string): ReadonlyMap<string, readonly EventType[]> {
    const groups = new Map<string, EventType[]>();
    for (const declared of this.read().byType.values()) {
      if (declared.system !== system) continue;
      for (const group of declared.groups) groups.set(group, [...(groups.get(group) ?? []), declared]);
    }
    return groups;
  }

  /** Every kafkaTopic that a declared type travels on, and one for the undeclared of each system. */
  kafkaTopics(): readonly string[] {
    const topics = new Set([...this.read().byType.values()].map((declared) => declared.kafkaTopic));
    for (const name of this.read().bySystem.keys()) topics.add(uncataloguedTopic(name));
    return [...topics].sort();
  }

  /** How to read an event whose type nobody declared. @throws {RangeError} when there is no such system */
  undeclaredReader(system: string, type: string): EventReader {
    const cached = this.undeclared.get(`${system} ${type}`);
    if (cached !== undefined) return cached;
    const definition = this.read().bySystem.get(system);
    if (definition === undefined) throw new RangeError(`no system is called ${system}`);
    const key = type.startsWith(definition.typePrefix) ? type.slice(definition.typePrefix.length) : undefined;
    const nativeType = key === undefined ? type : (definition.nativeType?.(key) ?? key);
    const reader = readerOf(definition, definition.undeclared, type, nativeType, uncataloguedTopic(system));
    // Bounded, because the names come from outside.
    if (this.undeclared.size >= MAX_UNDECLARED_READERS) this.undeclared.clear();
    this.undeclared.set(`${system} ${type}`, reader);
    return reader;
  }

  /**
   * A source of the form `/<system>/…` speaks for that system, so its events are of that system's types.
   * @param system the one that the event's type belongs to
   * @returns the known system that the source names where it is another one; undefined where the two agree
   */
  foreignSystem(source: string, system: string): string | undefined {
    const named = systemOfSource(source);
    return named === undefined || named === system || !this.read().bySystem.has(named) ? undefined : named;
  }

  /** Which system a type's name belongs to by its prefix: for names that nobody declared. */
  systemOfType(type: string): SystemDefinition | undefined {
    let longest: SystemDefinition | undefined;
    for (const definition of this.read().bySystem.values()) {
      if (!type.startsWith(definition.typePrefix)) continue;
      if (longest === undefined || definition.typePrefix.length > longest.typePrefix.length) longest = definition;
    }
    return longest;
  }

  /** The declared names that a mistaken one may have meant, nearest first. */
  nearest(name: string, most = 3): readonly string[] {
    const short = name.slice(0, MAX_NAME_COMPARED);
    const candidates = [...this.read().byType.values()].map((declared) => ({
      type: declared.type,
      distance: this.distance(short, declared),
    }));
    return candidates
      .filter((candidate) => candidate.distance < MAX_RELATIVE_DISTANCE)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, most)
      .map((candidate) => candidate.type);
  }

  /** From 0 (the same) to 1; a prefix that both have is no likeness, since a whole system has it. */
  private distance(name: string, { type, nativeType, system }: EventType): number {
    const prefix = this.read().bySystem.get(system)?.typePrefix ?? '';
    const key = type.slice(prefix.length);
    const [said, names] = name.startsWith(prefix)
      ? [name.slice(prefix.length), [key, nativeType]]
      : [name, [key, nativeType, type]];
    const meant = closest(said, names);
    return distance(said, meant) / Math.max(said.length, meant.length, 1);
  }
}

const MAX_UNDECLARED_READERS = 10_000;
/** Comparing costs the product of the lengths, and names come from outside. */
const MAX_NAME_COMPARED = 200;
/** More than half different is no slip of the pen. */
const MAX_RELATIVE_DISTANCE = 0.5;
