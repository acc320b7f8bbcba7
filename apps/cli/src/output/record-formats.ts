import { stringifyExact } from './exact-json.js';
import type { Printer } from './printer.js';

export const RECORD_FORMATS = ['yaml', 'json'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/** Prints one thing whole. */
export async function printRecord(record: unknown, format: RecordFormat, out: Printer): Promise<void> {
  if (format === 'json') {
    await out.line(stringifyExact(record, 2));
    return;
  }
  const { yamlText } = await import('./yaml.js');
  await out.print(yamlText(record));
}
