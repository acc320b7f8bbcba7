import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { GatewayModule } from './gateway.module.js';

runProcess('gateway', async ({ environment, logger }) => {
  const app = await createHttpApplication(
    {
      module: class GatewayProcess {},
      imports: [EnvironmentModule.forRoot(environment), GatewayModule.forRoot()],
    },
    logger,
  );
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
});
