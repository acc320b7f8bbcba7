import { loadCatalogues } from '@tidings/catalogue-loading';
import { runProcess } from '@tidings/runtime';

runProcess('notifications', async (context) => {
  await loadCatalogues(context.environment);
  // Only now: what it imports reads the catalogue.
  const { startNotifications } = await import('./start-notifications.js');
  return startNotifications(context);
});
