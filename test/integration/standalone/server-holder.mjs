// Holds a data directory and the embedded servers asked for until it is killed: node server-holder.mjs FOLDER CACHE kafka|postgres
import { DataDirectory, EmbeddedKafka, EmbeddedPostgres } from '@tidings/standalone';

const [folder, cacheDirectory, kind] = process.argv.slice(2);
const directory = DataDirectory.open(folder);
const server =
  kind === 'kafka'
    ? new EmbeddedKafka({ directory, cacheDirectory, port: 0 })
    : new EmbeddedPostgres({ directory, port: 0 });
await server.start();
process.stdout.write(`${server.pid}\n`);
setInterval(() => undefined, 60_000);
