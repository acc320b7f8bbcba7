import { runCommandLine } from './index.js';

const code = await runCommandLine(process.argv.slice(2));
// What `up` started may have failed already, and said so.
process.exitCode ??= code;
