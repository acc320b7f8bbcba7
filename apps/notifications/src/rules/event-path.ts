import type { Evaluation, ReadPath } from './evaluation.js';

/** Names of members, and indexes. */
export type Steps = readonly (string | number)[];

/** Finds the {@link EventPath} of a filter's steps. */
export type EventPathFinder = (steps: Steps) => EventPath;

/** A path that begins at the event and leads to one value at the most. Filters that have it in common read it once an event. */
export class EventPath implements ReadPath {
  private readBy: Evaluation | undefined;
  private value: unknown;

  constructor(
    readonly name: string,
    private readonly read: (event: unknown) => unknown,
  ) {}

  /** What it leads to in the event at hand; undefined: nothing. */
  valueIn(evaluation: Evaluation): unknown {
    if (this.readBy !== evaluation) {
      this.readBy = evaluation;
      const value = this.read(evaluation.plainEvent);
      const mayHoldNumbers = typeof value === 'number' || typeof value === 'object';
      this.value = mayHoldNumbers ? this.read(evaluation.event) : value;
      evaluation.onRead(this);
    }
    return this.value;
  }

  /** Lets go of the event. */
  forget(evaluation: Evaluation): void {
    if (this.readBy !== evaluation) return;
    this.readBy = undefined;
    this.value = undefined;
  }
}

/**
 * The paths of one table of filters, or of one filter by itself: equal ones are one object. There is no registry of the
 * process, because anybody who may try filters could fill it.
 */
export class EventPaths {
  private readonly byName = new Map<string, EventPath>();
  private readonly former: ReadonlyMap<string, EventPath> | undefined;

  /** @param former whose paths are taken over where they come up again; nothing else of it is kept */
  constructor(former?: EventPaths) {
    this.former = former?.byName;
  }

  find(steps: Steps, read: (event: unknown) => unknown): EventPath {
    const name = JSON.stringify(steps);
    const found = this.byName.get(name) ?? this.former?.get(name) ?? new EventPath(name, read);
    this.byName.set(name, found);
    return found;
  }

  /** Has the paths of a filter that was compiled for the former table. */
  adopt(paths: Iterable<EventPath>): void {
    for (const path of paths) this.byName.set(path.name, path);
  }
}
