import { bootstrap, run } from './bootstrap.mjs';

// In this very process: what npm passes on (Ctrl-C, SIGTERM) reaches the program itself.
await run(async () => {
  await bootstrap();
  await import('../apps/standalone/dist/main.js');
});
