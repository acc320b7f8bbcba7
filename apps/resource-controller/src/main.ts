import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { ResourceControllerModule } from './resource-controller.module.js';

runProcess('resource-controller', async ({ environment, logger }) => {
  const app = await createHttpApplication(
    {
      module: class ResourceControllerProcess {},
      imports: [EnvironmentModule.forRoot(environment), ResourceControllerModule],
    },
    logger,
  );
  logger.log(`Serving on ${await listen(app, environment)}`);
  return app;
});
