import { bootstrap, run } from './bootstrap.mjs';

/** How soon we notice that npm is gone, milliseconds. */
const PARENT_CHECK_MS = 100;

// In this very process, which package.json puts in the place of npm's shell: what npm passes on (Ctrl-C, SIGTERM)
// reaches the program itself.
await run(async () => {
  await bootstrap();
  if (process.env['npm_lifecycle_event'] !== undefined) stopWithParent();
  await import('../apps/standalone/dist/main.js');
});

/** A killed npm can pass nothing on; what it ran would go on unseen, with its ports and its data directory. */
function stopWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
