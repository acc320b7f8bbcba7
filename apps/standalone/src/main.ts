import { EventsModule, startIngest } from '@tidings/events';
import { GatewayModule } from '@tidings/gateway';
import { createHttpApplication, EnvironmentModule, listen, runProcess } from '@tidings/runtime';
import { banner } from './banner.js';
import { becomesReady } from './becomes-ready.js';
import { withProgress } from './embedded/progress.js';
import { Servers } from './servers.js';

runProcess('tidings', async ({ environment: given, logger, signal, fail }) => {
  const servers = await Servers.start(given, signal, fail);
  try {
    const { environment } = servers;
    const { app, url } = await withProgress('Starting the apps', process.stderr, async () => {
      const root = {
        module: class StandaloneProcess {},
        imports: [EnvironmentModule.forRoot(environment), GatewayModule.forRoot(), EventsModule.forRoot(environment)],
      };
      const application = await createHttpApplication(root, logger);
      try {
        await startIngest(application, fail);
        const address = await listen(application, environment);
        await becomesReady(address, signal, logger);
        return { app: application, url: address };
      } catch (error) {
        await application.close();
        throw error;
      }
    });
    process.stdout.write(banner({ url, given, environment, adminTokenFile: servers.adminTokenFile }));
    return {
      close: async () => {
        await app.close();
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
});
