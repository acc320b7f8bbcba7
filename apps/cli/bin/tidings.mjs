#!/usr/bin/env node
import { existsSync } from 'node:fs';

const PROGRAM = new URL('../dist/main.js', import.meta.url);
const BOOTSTRAP = new URL('../../../tools/bootstrap.mjs', import.meta.url);

// In a fresh checkout nothing is built yet; what is there is not looked at again, since that would cost every call.
if (!existsSync(PROGRAM) && existsSync(BOOTSTRAP)) {
  const { bootstrap, run } = await import(BOOTSTRAP.href);
  await run(() => bootstrap());
}
if (process.exitCode === undefined) await import(PROGRAM.href);
