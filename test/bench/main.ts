import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { deliveryFigures } from './delivery.js';
import { type Figure, progress, table } from './figures.js';
import { gatewayFigures } from './gateway.js';
import { ingestFigures } from './ingest.js';
import { matchingFigures } from './matching.js';
import { publishFigures } from './publish.js';
import { storeFigures } from './store.js';
import { BenchWorld } from './world.js';

const MAX_MEGABYTES = 250;

// With --events, the store of so many events alone: `npm run bench -- --events 10000000 --keep bench-data`.
const { values: given } = parseArgs({ options: { events: { type: 'string' }, keep: { type: 'string' } } });
const events = given.events === undefined ? undefined : Number(given.events);
if (events !== undefined && !(Number.isSafeInteger(events) && events > 0)) {
  throw new Error('--events takes how many events the store should have, for example --events 200000.');
}
const figures = events === undefined ? await flowFigures() : await storeFigures({ events, keep: given.keep });
const [{ model } = { model: 'unknown processor' }] = cpus();
process.stdout.write(`\n${cpus().length} × ${model}, Node ${process.version}\n\n${table(figures)}\n`);

/** From the producer into the store. */
async function flowFigures(): Promise<readonly Figure[]> {
  progress('starting Kafka and PostgreSQL');
  const world = await BenchWorld.create();
  try {
    const { figures: publish, bareRate } = await publishFigures(world);
    const gateway = await gatewayFigures(world, bareRate);
    const ingest = await ingestFigures(world);
    const delivery = await deliveryFigures(world);
    const matching = await matchingFigures(world);
    const memory = [...world.peakMemory()].map(([app, megabytes]): Figure => ({
      name: `resident memory at most, ${app}`,
      unit: 'MB',
      value: megabytes,
      aim: { text: `< ${MAX_MEGABYTES} MB`, reached: megabytes < MAX_MEGABYTES },
    }));
    return [...publish, ...gateway, ...ingest, ...delivery, ...matching, ...memory];
  } finally {
    await world.close();
  }
}
