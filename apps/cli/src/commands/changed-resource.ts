import type { Answer } from '../api/api-client.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { printRecord } from '../output/record-formats.js';

/**
 * Prints what was created or changed: its id for a script, a sentence for a person, or with --json all of it.
 * @param done as "Created the topic x"
 */
export async function printChanged(
  line: CommandLine,
  answer: Answer,
  done: string,
  isWhole: boolean | undefined,
): Promise<void> {
  const changed = answer.json<Readonly<Record<string, unknown>>>();
  const id = textOf(changed['id']);
  if (isWhole === true) await printRecord(changed, 'json', line.out);
  else await line.changed(id, `${done} (${id}).`);
}
