import { resolve } from 'node:path';
import { type AppProcess, startApp } from '../harness/app-process.js';
import type { Closing } from './closing.js';
import { type Figure, progress, shapeTable } from './figures.js';
import { startKafka } from './kafka-server.js';
import { LoadGenerator } from './load-generator.js';
import type { BenchOptions, Part } from './options.js';
import { StatementRecorder } from './statement-recorder.js';
import { exportFigures } from './store-export.js';
import { growthFigures } from './store-growth.js';
import { histogramFigures } from './store-histogram.js';
import { liveFigures } from './store-live.js';
import { openStore } from './store-opening.js';
import { writePlans } from './store-plans.js';
import { shapeFigures, type ShapeWorld } from './store-queries.js';
import { cursorFigures, rateFigures } from './store-rates.js';
import { type Shape, shapes } from './store-shapes.js';
import { ADMIN_TOKEN } from './world.js';

/** What was measured, and the table of shapes. */
export interface StoreReport {
  readonly figures: readonly Figure[];
  readonly shapes: string;
}

const WITH_KAFKA: readonly Part[] = ['growth', 'live'];

/** What is asked of a store of many events, through one api process. */
export async function storeReport(options: BenchOptions, closing: Closing): Promise<StoreReport> {
  const store = await openStore(options, closing);
  const figures: Figure[] = [];
  let table = '';
  const part = async (name: Part, work: () => Promise<readonly Figure[]>): Promise<void> => {
    if (!options.parts.has(name)) return;
    try {
      figures.push(...(await work()));
    } catch (error) {
      progress(`${name} has failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      figures.push({ name, unit: '', value: Number.NaN, aim: { text: 'it has failed, see above', reached: false } });
    }
  };
  const hasQueries = [...options.parts].some((name) => name in QUERYING);
  if (hasQueries) {
    const { world, app, stop } = await startQuerying(store.url, closing);
    const asked = shapesOf(options, store.loadedAt);
    await part('rate', () => rateFigures(world));
    await part('cursor', () => cursorFigures(world));
    await part('queries', async () => {
      table = shapeTable(await shapeFigures(world, asked));
      return [];
    });
    await part('histogram', () => histogramFigures(world));
    await part('plans', async () => {
      await writePlans(world, asked, resolve(options.plans ?? 'query-plans.md'));
      return [];
    });
    await part('export', () => exportFigures(app, store.url));
    await stop();
  }
  if (WITH_KAFKA.some((name) => options.parts.has(name))) {
    progress('starting Kafka');
    const kafka = await startKafka();
    const stop = closing.add(() => kafka.stop());
    await part('growth', () => growthFigures(kafka.brokers, store.url));
    await part('live', () => liveFigures(kafka.brokers, store.url));
    await stop();
  }
  return { figures, shapes: table };
}

/** The parts that ask one api process. */
const QUERYING: Partial<Record<Part, true>> = {
  rate: true,
  cursor: true,
  queries: true,
  histogram: true,
  plans: true,
  export: true,
};

function shapesOf({ shapes: words }: BenchOptions, loadedAt: number): readonly Shape[] {
  return shapes(loadedAt).filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
}

async function startQuerying(
  databaseUrl: string,
  closing: Closing,
): Promise<{ world: ShapeWorld; app: AppProcess; stop: () => Promise<void> }> {
  const app = await startApp('events', {
    TIDINGS_ROLES: 'api',
    TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
    DATABASE_URL: databaseUrl,
    // Only what sends letters again speaks to Kafka.
    KAFKA_BROKERS: '127.0.0.1:1',
    LOG_LEVEL: 'warn',
  });
  const stopApp = closing.add(async () => void (await app.stop()));
  const recorder = await StatementRecorder.start(databaseUrl);
  const stopRecorder = closing.add(() => recorder.close());
  const generator = LoadGenerator.start();
  const stopGenerator = closing.add(() => generator.stop());
  const stop = async (): Promise<void> => {
    await stopGenerator();
    await stopRecorder();
    await stopApp();
  };
  return { world: { url: app.url, databaseUrl, recorder, generator }, app, stop };
}
