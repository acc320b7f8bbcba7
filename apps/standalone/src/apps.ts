import type { INestApplication } from '@nestjs/common';
import { EventsModule, type LxdAddresses, signInLink, startIngest, startLxdApi } from '@tidings/events';
import { GatewayModule } from '@tidings/gateway';
import { connectEvents, NotificationsModule, startMatching } from '@tidings/notifications';
import { ResourceControllerModule } from '@tidings/resource-controller';
import {
  createHttpApplication,
  type Environment,
  EnvironmentModule,
  listen,
  type ProcessContext,
} from '@tidings/runtime';
import { becomesReady } from './becomes-ready.js';

export interface RunningApps {
  readonly app: INestApplication;
  readonly url: string;
  readonly lxd: LxdAddresses;
  /** Opens the console signed in, once; undefined: it is not served. */
  readonly consoleLink: string | undefined;
}

/**
 * Starts all apps as one application on one port, and waits until they are ready.
 *
 * @param environment with a Kafka, a PostgreSQL and an admin token
 * @param say is given what is being waited for
 */
export async function startApps(
  environment: Environment,
  { logger, signal, fail }: Pick<ProcessContext, 'logger' | 'signal' | 'fail'>,
  say: (detail: string) => void,
): Promise<RunningApps> {
  const root = {
    module: class StandaloneProcess {},
    imports: [
      EnvironmentModule.forRoot(environment),
      GatewayModule.forRoot(),
      EventsModule.forRoot(environment),
      NotificationsModule.forRoot(environment),
      ResourceControllerModule,
    ],
  };
  const app = await createHttpApplication(root, logger);
  try {
    await startIngest(app, fail);
    await startMatching(app, fail);
    const url = await listen(app, environment);
    connectEvents(app, url);
    const lxd = await startLxdApi(app, environment);
    await becomesReady(url, signal, logger, say);
    return { app, url, lxd, consoleLink: await signInLink(app, environment, url) };
  } catch (error) {
    await app.close();
    throw error;
  }
}
