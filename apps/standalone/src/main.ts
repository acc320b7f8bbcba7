import { loadCatalogues } from '@tidings/catalogue-loading';
import { runProcess, statusLine } from '@tidings/runtime';
import { banner } from './banner.js';
import { withProgress } from './embedded/progress.js';
import { Servers } from './servers.js';

runProcess('tidings', async (context) => {
  const { environment: given, signal, fail } = context;
  // First of all: a mistake in it is reported before anything is started, and the apps read the catalogue.
  await loadCatalogues(given);
  const starting = Servers.start(given, signal, fail);
  // The apps are loaded while the servers start: most of a second, on another core.
  const [servers, { startApps }] = await Promise.all([starting, import('./apps.js')]);
  try {
    const { environment, adminTokenFile } = servers;
    const { app, url, lxd, consoleLink } = await withProgress('Starting the apps', statusLine, (say) =>
      startApps(environment, context, say),
    );
    servers.announceUrl(url);
    // Where standard output is no terminal, it is the log, JSON lines alone.
    const out = process.stdout.isTTY ? process.stdout : process.stderr;
    out.write(banner({ url, lxd, consoleLink, given, environment, adminTokenFile }));
    return {
      close: () =>
        withProgress('Stopping', statusLine, async () => {
          await app.close();
          await servers.stop();
        }),
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
});
