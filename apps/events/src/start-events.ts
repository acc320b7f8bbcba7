import type { INestApplication } from '@nestjs/common';
import { createHttpApplication, EnvironmentModule, listen, type ProcessContext } from '@tidings/runtime';
import { EventsModule, startIngest } from './events.module.js';
import { startLxdApi } from './lxd/start-lxd-api.js';

/** Starts the events app as a process of its own. */
export async function startEvents({ environment, logger, fail }: ProcessContext): Promise<INestApplication> {
  const app = await createHttpApplication(
    {
      module: class EventsProcess {},
      imports: [EnvironmentModule.forRoot(environment), EventsModule.forRoot(environment)],
    },
    logger,
  );
  if (environment.roles.includes('ingest')) await startIngest(app, fail);
  logger.log(`Serving on ${await listen(app, environment)}`);
  const { socket, tls } = await startLxdApi(app, environment);
  if (socket !== undefined) logger.log(`Serving the LXD API on the unix socket ${socket}`);
  if (tls !== undefined) logger.log(`Serving the LXD API on ${tls}`);
  return app;
}
