import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { addRecordFormat } from './format-options.js';

/** `tidings whoami`: who the server takes the token for. */
export function whoamiCommand(line: CommandLine): Command {
  const command = line.serverCommand('whoami', {
    summary: 'Say who you are to the server, and what that allows',
    examples: ['tidings whoami', 'tidings whoami --format json'],
  });
  return addRecordFormat(command).action(async (options: ConnectionOptions & { readonly format: RecordFormat }) => {
    await printRecord((await line.connect(options).get('/api/me/')).json(), options.format, line.out);
  });
}
