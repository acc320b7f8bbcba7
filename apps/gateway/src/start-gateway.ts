import type { INestApplication } from '@nestjs/common';
import { createHttpApplication, EnvironmentModule, listen, type ProcessContext } from '@tidings/runtime';
import { GatewayModule } from './gateway.module.js';

/** Starts the gateway as a process of its own. */
export async function startGateway({ environment, logger }: ProcessContext): Promise<INestApplication> {
  const app = await createHttpApplication(
    {
      module: class GatewayProcess {},
      imports: [EnvironmentModule.forRoot(environment), GatewayModule.forRoot()],
    },
    logger,
  );
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
}
