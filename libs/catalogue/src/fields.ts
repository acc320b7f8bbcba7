import type { FieldPaths } from './definition.js';
import { isJsonObject } from './json.js';

/** Reads one field of an event's data; undefined where it is missing or null. */
export type FieldReader = (data: unknown) => unknown;

/** Compiles a dotted path or a template, or several of which the first one present counts. */
export function fieldReader(paths: FieldPaths): FieldReader {
  const readers = (typeof paths === 'string' ? [paths] : paths).map((path) =>
    path.includes('{') ? templateReader(path) : pathReader(path),
  );
  const [first] = readers;
  if (first !== undefined && readers.length === 1) return first;
  return (data) => {
    for (const read of readers) {
      const value = read(data);
      // An empty text says nothing; the next field may.
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
}

function pathReader(path: string): FieldReader {
  const steps = path.split('.');
  return (data) => {
    let value = data;
    for (const step of steps) {
      if (!isJsonObject(value)) return undefined;
      value = Object.hasOwn(value, step) ? value[step] : undefined;
    }
    return value ?? undefined;
  };
}

/** A template is present only when all of its fields are: half an address would be another entity's. */
function templateReader(template: string): FieldReader {
  const [start = '', ...parts] = template.split('{');
  const fields = parts.map((part) => {
    const [path = '', literal = ''] = part.split('}');
    return { read: pathReader(path), literal };
  });
  return (data) => {
    let said = start;
    for (const { read, literal } of fields) {
      const value = textOf(read(data));
      if (value === undefined) return undefined;
      said += value + literal;
    }
    return said;
  };
}

/** A field that should be text: numbers are said as text, anything else and the empty text count as missing. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
