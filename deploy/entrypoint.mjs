import { existsSync, readdirSync } from 'node:fs';

// Imported, not spawned: the app is the container's first process, and signals reach it.
const { TIDINGS_APP: app = '' } = process.env;
const main = (name) => new URL(`apps/${name}/dist/main.js`, import.meta.url);
const apps = readdirSync(new URL('apps', import.meta.url)).filter((name) => existsSync(main(name)));

if (apps.includes(app)) {
  await import(main(app));
} else {
  process.stderr.write(`TIDINGS_APP: has to be one of ${apps.join(', ')}\n`);
  process.exitCode = 1;
}
