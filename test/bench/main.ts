import { cpus } from 'node:os';
import { type Figure, progress, table } from './figures.js';
import { gatewayFigures } from './gateway.js';
import { ingestFigures } from './ingest.js';
import { publishFigures } from './publish.js';
import { BenchWorld } from './world.js';

const MAX_MEGABYTES = 250;

progress('starting Kafka and PostgreSQL');
const world = await BenchWorld.create();
try {
  const { figures: publish, bareRate } = await publishFigures(world);
  const gateway = await gatewayFigures(world, bareRate);
  const ingest = await ingestFigures(world);
  const memory = [...world.peakMemory()].map(([app, megabytes]): Figure => ({
    name: `resident memory at most, ${app}`,
    unit: 'MB',
    value: megabytes,
    aim: { text: `< ${MAX_MEGABYTES} MB`, reached: megabytes < MAX_MEGABYTES },
  }));
  const [{ model } = { model: 'unknown processor' }] = cpus();
  process.stdout.write(`\n${cpus().length} × ${model}, Node ${process.version}\n\n`);
  process.stdout.write(`${table([...publish, ...gateway, ...ingest, ...memory])}\n`);
} finally {
  await world.close();
}
