import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, BuildError } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What other repositories install: whoever publishes or subscribes needs these, and nothing else of ours. */
const PACKAGES = ['catalogue', 'settings', 'transport', 'publishing', 'subscribing'];

const HELP = `Packs what producers and consumers in other repositories install, as tarballs.

npm run packages -- [FOLDER]    default: packages, in the folder in which it is called
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await pack(resolve(process.env['INIT_CWD'] ?? '.', positionals[0] ?? 'packages'));

/** @param {string} target the folder that the tarballs are written to @returns {Promise<number>} the exit code */
async function pack(target) {
  const folders = PACKAGES.map((name) => join('libs', name)).filter((folder) =>
    existsSync(join(ROOT, folder, 'src/index.ts')),
  );
  try {
    await build({ declarations: folders });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  mkdirSync(target, { recursive: true });
  const paths = folders.map((folder) => `./${folder}`);
  const npm = spawnSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', target, ...paths], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.status !== 0) return npm.status ?? 1;
  const files = folders.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    return join(target, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  });
  process.stdout.write(`${files.join('\n')}\n`);
  return 0;
}
