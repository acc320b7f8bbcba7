import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { EventsModule, startIngest } from './events.module.js';

runProcess('events', async ({ environment, logger, fail }) => {
  const app = await createHttpApplication(
    {
      module: class EventsProcess {},
      imports: [EnvironmentModule.forRoot(environment), EventsModule.forRoot(environment)],
    },
    logger,
  );
  if (environment.roles.includes('ingest')) await startIngest(app, fail);
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
});
