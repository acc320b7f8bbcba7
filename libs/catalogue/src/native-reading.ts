import { readAttributes, type GivenAttribute } from './context-attributes.js';
import type { NativeFormat, NativeReading } from './definition.js';
import type { LifecycleEvent, Problem } from './envelope.js';
import { isJsonObject, type JsonObject } from './json.js';
import { withNotes } from './native-notes.js';
import { rejected } from './native.js';

/**
 * Reads one native event, whatever it is: what its system's format makes of it is held to the rules that the attributes
 * of every event are held to, and a format that fails on it fails nothing else.
 * @param native JSON, numbers exact
 * @param arrival the time of an event that has none, microseconds since the Unix epoch; the present unless given
 */
export function readNativeEvent(format: NativeFormat, native: unknown, site: string, arrival?: bigint): NativeReading {
  if (!isJsonObject(native)) return rejected('shape', '', 'must be a JSON object: one event');
  let reading: NativeReading;
  try {
    reading = format.read(native, site, arrival);
  } catch (error) {
    return rejected('shape', '', `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return 'rejection' in reading ? reading : checked(reading.event);
}

function checked(event: LifecycleEvent<JsonObject>): NativeReading {
  const problems = problemsOf(event);
  if (problems.length === 0) return { event };
  // Without its subject an event is kept as it came; nothing else can be spared.
  const [subject] = problems.filter(({ field }) => field === 'subject');
  if (subject === undefined || problems.length > 1) {
    const { field, problem } = problems.find((one) => one !== subject) ?? { field: '', problem: 'cannot be kept' };
    return rejected('shape', field, problem);
  }
  const { subject: _unusable, ...rest } = event;
  return { event: withNotes(rest, [{ field: 'subject', problem: `${subject.problem}: it was left out` }]) };
}

function problemsOf({ data: _data, extensions, ...attributes }: LifecycleEvent<JsonObject>): readonly Problem[] {
  const given: GivenAttribute[] = [
    ['specversion', '1.0'],
    ...Object.entries(attributes),
    ...Object.entries(extensions ?? {}),
  ];
  const reading = readAttributes(given);
  return 'problems' in reading ? reading.problems : [];
}
