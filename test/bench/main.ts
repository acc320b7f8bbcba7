import { cpus } from 'node:os';
import { Closing } from './closing.js';
import { connectorFigures } from './connectors.js';
import { deliveryFigures } from './delivery.js';
import { type Figure, progress, table } from './figures.js';
import { gatewayFigures } from './gateway.js';
import { ingestFigures } from './ingest.js';
import { matchingFigures } from './matching.js';
import { type BenchOptions, help, isFlow, parseOptions } from './options.js';
import { outboxFigures } from './outbox.js';
import { publishFigures } from './publish.js';
import { storeReport } from './store.js';
import { subscribingFigures } from './subscribing.js';
import { BenchWorld } from './world.js';

const MAX_MEGABYTES = 250;
const INTERRUPTED = 130;

const closing = new Closing();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stderr.write('\nStopping what was started …\n');
    void closing.close().then(() => process.exit(INTERRUPTED));
  });
}
// What goes wrong where nobody waits for it must not leave servers behind either.
process.once('unhandledRejection', (error) => {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  void closing.close().then(() => process.exit(1));
});
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === undefined) process.stdout.write(help());
    else await measure(options);
    return 0;
  } catch (error) {
    // What whoever started it can mend is said without a trace.
    const isMendable = error instanceof RangeError || error instanceof TypeError;
    process.stderr.write(`\n${error instanceof Error ? (isMendable ? error.message : error.stack) : String(error)}\n`);
    return 1;
  } finally {
    await closing.close();
  }
}

async function measure(options: BenchOptions): Promise<void> {
  const parts = [...options.parts];
  const flow = parts.some(isFlow) ? await flowFigures(options) : [];
  const store = parts.every(isFlow) ? { figures: [], shapes: '' } : await storeReport(options, closing);
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const texts = [
    `${cpus().length} × ${model}, Node ${process.version}`,
    ...(flow.length + store.figures.length === 0 ? [] : [table([...flow, ...store.figures])]),
    ...(store.shapes === '' ? [] : [store.shapes]),
  ];
  process.stdout.write(`\n${texts.join('\n\n')}\n`);
}

/** From the producer into the store. */
async function flowFigures({ parts }: BenchOptions): Promise<readonly Figure[]> {
  progress('starting Kafka and PostgreSQL');
  const world = await BenchWorld.create();
  const stop = closing.add(() => world.close());
  try {
    const figures: Figure[] = [];
    // What kafkajs does at best is the limit of the gateway, too.
    const published = parts.has('publish') || parts.has('gateway') ? await publishFigures(world) : undefined;
    if (published !== undefined && parts.has('publish')) figures.push(...published.figures);
    if (published !== undefined && parts.has('gateway'))
      figures.push(...(await gatewayFigures(world, published.bareRate)));
    if (parts.has('outbox')) figures.push(...(await outboxFigures(world)));
    if (parts.has('connectors')) figures.push(...(await connectorFigures(world)));
    if (parts.has('ingest')) figures.push(...(await ingestFigures(world)));
    if (parts.has('matching')) figures.push(...(await matchingFigures(world)));
    if (parts.has('subscribing')) figures.push(...(await subscribingFigures(world)));
    if (parts.has('delivery')) figures.push(...(await deliveryFigures(world)));
    const memory = [...world.peakMemory()].map(([app, megabytes]): Figure => ({
      name: `resident memory at most, ${app}`,
      unit: 'MB',
      value: megabytes,
      aim: { text: `< ${MAX_MEGABYTES} MB`, reached: megabytes < MAX_MEGABYTES },
    }));
    return [...figures, ...memory];
  } finally {
    await stop();
  }
}
