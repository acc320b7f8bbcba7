import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConnectorFile } from './connector-file.js';

const SECRET = 'do-not-show-me-anywhere-0123456789';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-'));
  writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string, variables: Record<string, string> = {}) =>
  readConnectorFile({ path: join(folder, 'connectors.yaml'), text, variables });

function problemsOf(text: string, variables: Record<string, string> = {}): string {
  try {
    read(text, variables);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('It was accepted');
}

const one = (yaml: string): string => `connectors:\n  - ${yaml.trim().replaceAll('\n', '\n    ')}\n`;

/** The YAML of docs/CONNECTORS.md, and the example of deploy/: what people copy has to be right. */
const shownFiles = (): readonly string[] => {
  const root = join(import.meta.dirname, '../../../..');
  const page = readFileSync(join(root, 'docs/CONNECTORS.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);
  return [...blocks, readFileSync(join(root, 'deploy/connectors.example.yaml'), 'utf8')];
};

describe('the file of the connectors', () => {
  it('is shown as it may be', () => {
    const pem = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----';
    for (const name of ['tidings.crt', 'tidings.key', 'rack1.crt', 'rack2.crt']) writeFileSync(join(folder, name), pem);
    for (const name of ['portal-hook.secret', 'ibm-hook.secret']) writeFileSync(join(folder, name), SECRET);
    const names = [
      'PORTAL_TOKEN',
      'PORTAL_HOOK_SECRET',
      'CDS_TOKEN',
      'GENOME_HOOK_SECRET',
      'GENOME_HOOK_HEADER',
      'IBM_HOOK_SECRET',
    ];
    const variables = {
      ...Object.fromEntries(names.map((name) => [name, SECRET])),
      IBM_SIGNING_SECRET: 'whsec_c2VjcmV0',
    };
    const shown = shownFiles().map((text) => read(text, variables));
    expect(shown.map((settings) => settings.length)).toEqual([2, 2, 2, 1, 6]);
    expect(new Set(shown.flat().map(({ kind }) => kind)).size).toBe(6);
  });

  it('says what is wanted, with defaults for the rest', () => {
    expect(
      read(one('kind: waldur-poller\nname: portal\nurl: https://portal.example\ntoken: ${TOKEN}'), { TOKEN: SECRET }),
    ).toEqual([
      {
        kind: 'waldur-poller',
        name: 'portal',
        url: 'https://portal.example',
        token: SECRET,
        since: 'now',
        interval_seconds: 10,
        overlap_seconds: 60,
        page_size: 300,
      },
    ]);
  });

  it('may be JSON, and have its secrets in files', () => {
    const hook = { kind: 'cds-hook', name: 'cds', secret: { file: 'secret' } };
    expect(read(JSON.stringify({ connectors: [hook] }))).toEqual([{ ...hook, secret: SECRET }]);
  });

  it.each([
    ['kind: lxc\nname: a', 'connectors[0].kind: must be one of lxd, waldur-hook,'],
    ['kind: lxd\nname: Rack 1\nsocket: /s', 'connectors[0].name: must be 1 to 63 lower-case letters'],
    ['kind: lxd\nname: a', 'connectors[0].url: either it or socket is needed'],
    ['kind: lxd\nname: a\nsocket: /s\nurl: https://a', 'connectors[0].url: either it or socket is needed'],
    [
      'kind: lxd\nname: a\nsocket: /s\nsockett: /s',
      'connectors[0].sockett: is no setting of a connector of the kind lxd; there are kind,',
    ],
    ['kind: lxd\nname: a\nurl: https://a\nclient_key: nothing', 'connectors[0].client_key: must be in PEM format'],
    ['kind: lxd\nname: a\nurl: ftp://a', 'connectors[0].url: must be an address that begins with https://'],
    ['kind: waldur-hook\nname: a', 'connectors[0].secret: must be 20 to 200 letters'],
    ['kind: waldur-hook\nname: a\nsecret: short', 'connectors[0].secret: must be 20 to 200 letters'],
    [
      'kind: waldur-hook\nname: a\nsecret: ${MISSING}',
      'connectors[0].secret: asks for the variable MISSING, which is not set',
    ],
    [
      'kind: waldur-hook\nname: a\nsecret: {file: missing}',
      'connectors[0].secret: names a file that cannot be read (ENOENT)',
    ],
    [
      'kind: waldur-poller\nname: a\nurl: https://a\ntoken: t\npage_size: 1000',
      'connectors[0].page_size: must be a whole number from 1 to 300',
    ],
    [
      'kind: waldur-poller\nname: a\nurl: https://a\ntoken: t\nsince: yesterday',
      'connectors[0].since: must be an RFC 3339 date-time',
    ],
    [
      'kind: cds-stream\nname: a\nurl: https://a\ntoken: t\nfilters: []',
      'connectors[0].filters: must have at least one filter',
    ],
    [
      'kind: cds-stream\nname: a\nurl: https://a\ntoken: t\nfilters: [{}]',
      'connectors[0].filters[0].type: must be text',
    ],
    [
      'kind: ibm-hook\nname: a\nsecret: abcdefghijklmnopqrstuvwxyz\nsigning_secret: x',
      'connectors[0].signing_secret: must be a secret of Standard',
    ],
  ])('is refused with %j', (yaml, problem) => {
    expect(problemsOf(one(yaml))).toContain(problem);
  });

  it('is refused as a whole where it is no YAML, no list, or has a name twice', () => {
    expect(problemsOf('connectors: [')).toContain('is no YAML');
    expect(problemsOf('- a')).toContain('connectors: must be a list');
    expect(problemsOf('connector: []')).toContain('connector: is not known here');
    const twice = 'connectors: [{kind: lxd, name: a, socket: /s}, {kind: lxd, name: a, socket: /t}]';
    expect(problemsOf(twice)).toContain('two have the name a');
  });

  it('tells everything that is wrong at once, and no value', () => {
    const text = `${one('kind: waldur-hook\nname: a\nsecret: "no secret! ${S}"')}  - kind: lxd\n    name: b\n`;
    const told = problemsOf(text, { S: SECRET });
    expect(told).toContain('connectors[0].secret');
    expect(told).toContain('connectors[1].url');
    expect(told).not.toContain('do-not-show-me');
  });
});
