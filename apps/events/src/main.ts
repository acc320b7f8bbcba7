import { loadCatalogues } from '@tidings/catalogue-loading';
import { runProcess } from '@tidings/runtime';

runProcess('events', async (context) => {
  await loadCatalogues(context.environment);
  // Only now: what it imports reads the catalogue.
  const { startEvents } = await import('./start-events.js');
  return startEvents(context);
});
