import { bootstrap, run } from './bootstrap.mjs';

// Compiled, not loaded through a transformer: what is measured is what production runs.
await run(async () => {
  await bootstrap({ alsoTests: true });
  await import('../test/dist/bench/main.js');
});
