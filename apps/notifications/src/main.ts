import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { NotificationsModule } from './notifications.module.js';

runProcess('notifications', async ({ environment, logger }) => {
  const app = await createHttpApplication(
    {
      module: class NotificationsProcess {},
      imports: [EnvironmentModule.forRoot(environment), NotificationsModule.forRoot(environment)],
    },
    logger,
  );
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
});
