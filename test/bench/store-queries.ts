import { percentile, progress } from './figures.js';
import type { LoadGenerator } from './load-generator.js';
import type { HttpTarget, LoadResult, SqlTarget } from './load-protocol.js';
import type { ShapeFigure } from './shape-figure.js';
import type { Shape } from './store-shapes.js';
import type { StatementRecorder } from './statement-recorder.js';
import { AUTHORIZATION } from './world.js';

export const POOL_OF_THE_APP = 10;
const ROUNDS = 3;
const SECONDS_PER_ROUND = 2;
/** In flight, and calls of a round. */
const LOADS = [
  { inFlight: 1, calls: 60 },
  { inFlight: 20, calls: 240 },
] as const;
const P50_TIMES = 2;
const P99_TIMES = 3;
/** A selective shape is never slower than this at its 99th percentile with twenty in flight, milliseconds. */
const MOST_MS = 100;

/** Through what the shapes are asked. */
export interface ShapeWorld {
  readonly url: string;
  readonly databaseUrl: string;
  readonly recorder: StatementRecorder;
  readonly generator: LoadGenerator;
}

/** Every shape with one and with twenty in flight, beside the app's own SQL through bare pg. */
export async function shapeFigures(world: ShapeWorld, asked: readonly Shape[]): Promise<readonly ShapeFigure[]> {
  const figures: ShapeFigure[] = [];
  for (const [index, shape] of asked.entries()) {
    progress(`shape ${index + 1} of ${asked.length}: ${shape.name}`);
    try {
      figures.push(...(await measured(world, shape)));
    } catch (error) {
      figures.push(failed(shape, 0, error instanceof Error ? error.message : String(error)));
    }
  }
  return figures;
}

async function measured({ url, databaseUrl, recorder, generator }: ShapeWorld, shape: Shape): Promise<ShapeFigure[]> {
  const questions = [];
  for (const path of shape.paths) questions.push(await recorder.statementsOf(path));
  const http: HttpTarget = { kind: 'http', url, headers: AUTHORIZATION, paths: shape.paths };
  const sql: SqlTarget = { kind: 'sql', databaseUrl, connections: POOL_OF_THE_APP, questions };
  // Each value once on either side: what the app counts once and remembers, and the pages of the store.
  for (const target of [http, sql]) {
    await generator.run({ target, inFlight: 4, calls: 2 * shape.paths.length, seconds: 60 });
  }
  const figures: ShapeFigure[] = [];
  for (const { inFlight, calls } of LOADS) {
    const ours: LoadResult[] = [];
    const bare: LoadResult[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await generator.run({ target: http, inFlight, calls, seconds: SECONDS_PER_ROUND }));
      bare.push(await generator.run({ target: sql, inFlight, calls, seconds: SECONDS_PER_ROUND }));
    }
    const failure = [...ours, ...bare].find((result) => result.failures > 0);
    figures.push(
      failure === undefined
        ? compared(shape, inFlight, ours, bare)
        : failed(shape, inFlight, failure.failure ?? 'failed'),
    );
  }
  return figures;
}

function compared(
  { name, isSelective }: Shape,
  inFlight: number,
  ours: readonly LoadResult[],
  bare: readonly LoadResult[],
): ShapeFigure {
  const [app, limit] = [timesOf(ours), timesOf(bare)];
  return {
    name,
    inFlight,
    ours: app,
    bare: limit,
    missed: [
      ...(app.p50 <= P50_TIMES * limit.p50 ? [] : [`p50 > ${P50_TIMES} ×`]),
      ...(app.p99 <= P99_TIMES * limit.p99 ? [] : [`p99 > ${P99_TIMES} ×`]),
      ...(isSelective && inFlight > 1 && app.p99 >= MOST_MS ? [`p99 ≥ ${MOST_MS} ms`] : []),
    ],
  };
}

function timesOf(results: readonly LoadResult[]): { p50: number; p99: number } {
  const each = results.flatMap((result) => result.each);
  return { p50: percentile(each, 0.5), p99: percentile(each, 0.99) };
}

function failed({ name }: Shape, inFlight: number, problem: string): ShapeFigure {
  const none = { p50: Number.NaN, p99: Number.NaN };
  return { name, inFlight, ours: none, bare: none, missed: [problem.replace(/\s+/g, ' ').slice(0, 120)] };
}
