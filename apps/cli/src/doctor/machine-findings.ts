import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CliEnvironment } from '../cli-environment.js';
import type { Finding } from './finding.js';

const run = promisify(execFile);

const OLDEST_NODE = [20, 19] as const;
const OLDEST_JAVA = 17;
const TIMEOUT_MS = 10_000;

/** What `tidings up` needs of this machine. For a server elsewhere, only Node is needed. */
export async function machineFindings(environment: CliEnvironment): Promise<Finding[]> {
  return [nodeFinding(process.versions.node), await javaFinding(environment)];
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isNew) return { state: 'ok', what: 'Node.js', found: version };
  const fix = `Install ${OLDEST_NODE.join('.')} or newer from https://nodejs.org.`;
  return { state: 'fail', what: 'Node.js', found: `${version} is too old`, fix };
}

async function javaFinding({ javaHome, hasOwnKafka }: CliEnvironment): Promise<Finding> {
  const what = 'Java';
  if (hasOwnKafka) return { state: 'ok', what, found: 'not needed: KAFKA_BROKERS is set' };
  const commands = [...(javaHome === undefined ? [] : [join(javaHome, 'bin', 'java')]), 'java'];
  const versions = await Promise.all(commands.map(javaVersion));
  const newest = Math.max(...versions.map((version) => version ?? 0));
  if (newest >= OLDEST_JAVA) return { state: 'ok', what, found: `${newest}, for the Kafka of \`tidings up\`` };
  const found = newest === 0 ? 'not found; only `tidings up` needs it' : `${newest} is too old for \`tidings up\``;
  return {
    state: 'warn',
    what,
    found,
    fix: `Install Java ${OLDEST_JAVA} or newer, or set KAFKA_BROKERS=host:port.`,
  };
}

/** The number that counts: 17 of "17.0.15", 8 of "1.8.0_402". Undefined where it cannot be run. */
async function javaVersion(command: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(command, ['-version'], { timeout: TIMEOUT_MS });
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr + stdout) ?? [];
    return first === undefined ? undefined : Number(first === '1' && second !== undefined ? second : first);
  } catch {
    return undefined;
  }
}
