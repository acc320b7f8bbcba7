import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  CATALOGUE_CHANGES,
  catalogueSnapshot,
  catalogue,
  snapshotText,
  type CatalogueSnapshot,
} from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandFailure } from '../command-failure.js';
import { CommandLine } from '../command-line.js';
import { createProgram } from '../program.js';

const TYPE = 'com.waldur.customer_creation_succeeded';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command prints, and how it fails if it does. */
async function run(...words: string[]): Promise<{ printed: string; failure: CommandFailure | undefined }> {
  const out = new PassThrough();
  const environment = {
    url: undefined,
    token: undefined,
    dataDirectory: '.tidings',
    javaHome: undefined,
    hasOwnKafka: false,
    colours: 'never',
  } as const;
  const line = new CommandLine(environment, new PassThrough(), out, new PassThrough());
  // A pipe that nobody reads would stop a long text.
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  let failure: CommandFailure | undefined;
  try {
    await createProgram(line).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    failure = error;
  }
  await new Promise((resolve) => out.end(resolve));
  return { printed: Buffer.concat(chunks).toString(), failure };
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('tidings catalogue diff', () => {
  it('has nothing against a snapshot of the same', async () => {
    const { printed } = await run('catalogue', 'snapshot');
    const path = write('same.json', printed);
    expect(await run('catalogue', 'diff', path, 'tidings', '--all')).toEqual({ printed: '', failure: undefined });
  });

  it('fails where something was taken away, naming type, field and problem', async () => {
    const snapshot = JSON.parse(snapshotText(catalogueSnapshot(catalogue))) as CatalogueSnapshot;
    const { [TYPE]: taken, ...types } = snapshot.types;
    expect(taken).toBeDefined();
    const path = write('fewer.json', snapshotText({ ...snapshot, types }));
    const { printed, failure } = await run('catalogue', 'diff', 'tidings', path, '--json');
    expect(JSON.parse(printed)).toEqual([
      {
        code: 'type_removed',
        breaks: CATALOGUE_CHANGES.type_removed,
        of: TYPE,
        field: '',
        problem: expect.any(String) as string,
      },
    ]);
    expect(failure).toMatchObject({ code: 1, message: 'One change breaks users of tidings' });
    const other = await run('catalogue', 'diff', path, 'tidings', '--all');
    expect(other.failure).toBeUndefined();
    expect(other.printed).toContain('is new');
  });

  it.each([
    ['a file that is not there', 'nowhere.json', 4, /nowhere\.json cannot be read/],
    ['a package that is not there', '@acme/none', 4, /@acme\/none cannot be found/],
    ['no JSON', 'text.json', 1, /is not JSON/],
    ['another JSON', 'other.json', 1, /is no snapshot of a catalogue/],
    ['a wrong declaration', 'wrong', 1, /declares a system wrongly/],
  ])('says of %s what is wrong', async (_what, name, code, message) => {
    write('text.json', 'text');
    write('other.json', '{}');
    mkdirSync(join(folder, 'wrong'), { recursive: true });
    write('wrong/index.mjs', 'export const systems = [{ name: "wrong" }];');
    const given = name.startsWith('@') ? name : join(folder, name === 'wrong' ? 'wrong/index.mjs' : name);
    const { failure } = await run('catalogue', 'diff', given, 'tidings');
    expect(failure?.code).toBe(code);
    expect(failure?.message).toMatch(message);
  });
});
