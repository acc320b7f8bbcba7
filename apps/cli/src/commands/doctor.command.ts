import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { machineFindings } from '../doctor/machine-findings.js';
import { serverFindings } from '../doctor/server-findings.js';
import type { Finding, FindingState } from '../doctor/finding.js';
import { stringifyExact } from '../output/exact-json.js';
import type { Colours } from '../output/printer.js';
import { printable } from '../output/printable.js';

interface DoctorOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** `tidings doctor`: checks the server, the token and this machine. */
export function doctorCommand(line: CommandLine): Command {
  return line
    .serverCommand('doctor', {
      summary: 'Check the server, the token and this machine, and name fixes',
      details: 'It changes nothing. The exit code is 1 where a check fails; what only `tidings up` needs is a warning.',
      examples: [
        'tidings doctor',
        'tidings doctor --url https://tidings.example',
        "tidings doctor --json | jq '.[].state'",
      ],
    })
    .option('--json', 'print the findings as JSON')
    .action((options: DoctorOptions) => examine(line, options));
}

async function examine(line: CommandLine, options: DoctorOptions): Promise<void> {
  const api = line.connect(options);
  const findings: Finding[] = [];
  for await (const finding of serverFindings(api)) {
    findings.push(finding);
    if (options.json !== true) await print(line, finding);
  }
  for (const finding of await machineFindings(line.environment)) {
    findings.push(finding);
    if (options.json !== true) await print(line, finding);
  }
  if (options.json === true) await line.out.line(stringifyExact(findings, 2));
  const failed = findings.filter(({ state }) => state === 'fail').length;
  if (failed > 0) throw new CommandFailure('failed', `${failed} of ${findings.length} checks failed`);
}

/** As wide as the longest name of a readiness check. */
const WHAT_WIDTH = 21;

async function print({ out }: CommandLine, { state, what, found, fix }: Finding): Promise<void> {
  await out.line(`${painted(state, out.colours)}  ${printable(what.padEnd(WHAT_WIDTH))} ${printable(found)}`);
  if (fix !== undefined) await out.line(`${' '.repeat(WHAT_WIDTH + 7)}${out.colours.dim('fix:')} ${printable(fix)}`);
}

function painted(state: FindingState, colours: Colours): string {
  const text = state.padEnd(4);
  return state === 'ok' ? colours.green(text) : state === 'warn' ? colours.yellow(text) : colours.red(text);
}
