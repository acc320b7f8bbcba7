import type { INestApplication } from '@nestjs/common';
import { createHttpApplication, EnvironmentModule, listen, type ProcessContext } from '@tidings/runtime';
import { startMatching } from './matching/matching.module.js';
import { NotificationsModule } from './notifications.module.js';

/** Starts the notification app as a process of its own. */
export async function startNotifications({ environment, logger, fail }: ProcessContext): Promise<INestApplication> {
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
}
