import type { LifecycleEvent, Problem } from './envelope.js';
import type { JsonObject } from './json.js';

/**
 * The extension attribute of a native event that was kept although something about it beside its payload is not as its
 * system should say it: JSON text of the problems. It makes the event a non-conforming one.
 */
const NOTES_EXTENSION = 'nativenotes';

const MAX_NOTES = 20;

/** The event with what has to be said of it. */
export function withNotes(
  event: LifecycleEvent<JsonObject>,
  notes: readonly (Problem | undefined)[],
): LifecycleEvent<JsonObject> {
  const said = notes.filter((note) => note !== undefined).slice(0, MAX_NOTES);
  if (said.length === 0) return event;
  return { ...event, extensions: { ...event.extensions, [NOTES_EXTENSION]: JSON.stringify(said) } };
}

/** What was noted when a native event was read; nothing for any other event. */
export function notesOf({ extensions }: Pick<LifecycleEvent, 'extensions'>): readonly Problem[] {
  const text = extensions?.[NOTES_EXTENSION];
  if (text === undefined) return [];
  try {
    const notes: unknown = JSON.parse(text);
    return Array.isArray(notes) ? notes.filter(isProblem) : [];
  } catch {
    return [];
  }
}

/** Is it an extension that only Tidings itself gives to an event? */
export function isNotesExtension(name: string): boolean {
  return name === NOTES_EXTENSION;
}

function isProblem(note: unknown): note is Problem {
  return (
    typeof note === 'object' &&
    note !== null &&
    'field' in note &&
    'problem' in note &&
    typeof note.field === 'string' &&
    typeof note.problem === 'string'
  );
}
