import type { Answer } from '../api/api-client.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { printRecord } from '../output/record-formats.js';

/** Prints the id of what was made, for scripts to go on with; or all that the answer says of it. */
export async function printCreated(line: CommandLine, answer: Answer, isWhole: boolean | undefined): Promise<void> {
  const created = answer.json<Readonly<Record<string, unknown>>>();
  if (isWhole === true) await printRecord(created, 'json', line.out);
  else await line.out.line(textOf(created['id']));
}
