import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { startMatching } from './matching/matching.module.js';
import { NotificationsModule } from './notifications.module.js';

runProcess('notifications', async ({ environment, logger, fail }) => {
  const app = await createHttpApplication(
    {
      module: class NotificationsProcess {},
      imports: [EnvironmentModule.forRoot(environment), NotificationsModule.forRoot(environment)],
    },
    logger,
  );
  if (environment.roles.includes('match')) await startMatching(app, fail);
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
});
