import { loadCatalogues } from '@tidings/catalogue-loading';
import { runProcess } from '@tidings/runtime';

runProcess('gateway', async (context) => {
  await loadCatalogues(context.environment);
  // Only now: what it imports reads the catalogue.
  const { startGateway } = await import('./start-gateway.js');
  return startGateway(context);
});
