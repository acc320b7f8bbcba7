import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { CommandLine } from '../command-line.js';
import { createProgram } from '../program.js';
import { candidatesFor } from './candidates.js';

const surroundings = {
  url: undefined,
  token: undefined,
  dataDirectory: '.tidings',
  javaHome: undefined,
  hasOwnKafka: false,
  colours: undefined,
};
const program = createProgram(new CommandLine(surroundings, new PassThrough(), new PassThrough(), new PassThrough()));

it.each([
  [['ev'], ['events']],
  [['d'], ['dead-letters', 'deliveries', 'destinations', 'doctor']],
  [
    ['sources', ''],
    ['disable', 'enable', 'list', 'show'],
  ],
  [
    ['tail', '--format', ''],
    ['json', 'pretty', 'yaml'],
  ],
  [['tail', '--system', ''], []],
  [['events', '--oldest'], ['--oldest-first']],
  [['events', 'count', '--sys'], ['--system']],
  [['tokens', 'create', 'a reader', '--perm'], ['--permission']],
  [['nosuch'], []],
])('%j may become %j', (words, candidates) => {
  expect(candidatesFor(program, words)).toEqual(candidates);
});
