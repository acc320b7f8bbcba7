import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { CommandLine } from '../command-line.js';
import { createProgram } from '../program.js';
import { candidatesFor } from './candidates.js';

const environment = {
  url: undefined,
  token: undefined,
  dataDirectory: '.tidings',
  javaHome: undefined,
  hasOwnKafka: false,
  colours: undefined,
};
const program = createProgram(new CommandLine(environment, new PassThrough(), new PassThrough(), new PassThrough()));

const VALUES: Readonly<Record<string, readonly string[]>> = {
  type: ['ProjectCreated', 'instance-created'],
  source: ['CDS', 'IBM Cloud', 'LXD'],
  sources: ['CDS', 'IBM Cloud', 'LXD'],
  system: ['cds', 'lxd'],
};
const valuesOf = (kind: string) => Promise.resolve(VALUES[kind] ?? []);

it.each([
  [['ev'], ['events']],
  [['d'], ['dead-letters', 'deliveries', 'destinations', 'doctor']],
  [
    ['connectors', ''],
    ['list', 'pause', 'resume', 'show'],
  ],
  [
    ['tail', '--format', ''],
    ['json', 'logfmt', 'pretty', 'yaml'],
  ],
  [
    ['events', '--format', 'c'],
    ['cloudevents', 'csv'],
  ],
  [
    ['events', '--system', ''],
    ['cds', 'lxd'],
  ],
  [['publish', 'Proj'], ['ProjectCreated']],
  [['publish', 'ProjectCreated', ''], []],
  [['sources', 'enable', 'IBM\\ '], ['IBM Cloud']],
  [['topics', 'create', 'x', '--source', 'LXD,C'], ['LXD,CDS']],
  [['topics', '--instance', 'x', 'de'], []],
  [['events', '--oldest'], ['--oldest-first']],
  [['events', 'count', '--sys'], ['--system']],
  [['tokens', 'create', 'a reader', '--perm'], ['--permission']],
  [['nosuch'], []],
])('%j may become %j', async (words, candidates) => {
  expect(await candidatesFor(program, words, valuesOf)).toEqual(candidates);
});
