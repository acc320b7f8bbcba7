import { type Figure, percentile, progress } from './figures.js';
import { startBareServer } from './bare-server.js';
import { listPath, PAGE } from './store-shapes.js';
import { POOL_OF_THE_APP, type ShapeWorld } from './store-queries.js';
import { AUTHORIZATION } from './world.js';

const IN_FLIGHT = 20;
const SECONDS = 5;
const ROUNDS = 2;
const AIM_PER_SECOND = 1_500;
const DEEP_PAGE = 100_000;
const CALLS = 300;
const MANY = 1_000_000;

/** How many lists of the newest events a second, beside the same bytes from an empty route and the SQL alone. */
export async function rateFigures({ url, databaseUrl, recorder, generator }: ShapeWorld): Promise<readonly Figure[]> {
  progress(`lists of the newest ${PAGE}, as fast as they come`);
  const path = listPath('');
  const response = await fetch(new URL(path, url), { headers: AUTHORIZATION });
  const bare = await startBareServer(await response.text());
  const http = { kind: 'http', headers: AUTHORIZATION, paths: [path] } as const;
  const questions = [await recorder.statementsOf(path)];
  const targets = {
    ours: { ...http, url },
    route: { ...http, url: bare.url },
    sql: { kind: 'sql', databaseUrl, connections: POOL_OF_THE_APP, questions },
  } as const;
  const best = { ours: 0, route: 0, sql: 0 };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const name of ['ours', 'route', 'sql'] as const) {
        const order = { target: targets[name], inFlight: IN_FLIGHT, calls: MANY, seconds: round === 0 ? 2 : SECONDS };
        const { each, all, failure } = await generator.run(order);
        if (failure !== undefined) throw new Error(failure);
        best[name] = Math.max(best[name], (each.length / all) * 1000);
      }
    }
  } finally {
    bare.stop();
  }
  const name = `lists of the newest ${PAGE}, ${IN_FLIGHT} in flight`;
  const aim = { text: `≥ ${AIM_PER_SECOND} requests/s`, reached: best.ours >= AIM_PER_SECOND };
  return [
    { name, unit: 'requests/s', value: best.ours, limit: { of: 'its SQL through bare pg', value: best.sql }, aim },
    { name, unit: 'requests/s', value: best.ours, limit: { of: 'a bare Nest route, same bytes', value: best.route } },
  ];
}

/** A page far behind, by cursor, beside the first. The cursor is the app's own, from the page before by its number. */
export async function cursorFigures({ url, recorder, generator }: ShapeWorld): Promise<readonly Figure[]> {
  progress(`page ${DEEP_PAGE} by its cursor`);
  const first = listPath('');
  const before = await recorder.ask(`${first}&page=${DEEP_PAGE - 1}`);
  const next = /<([^>]+)>; *rel="next"/.exec(before.get('link') ?? '')?.[1];
  if (next === undefined) throw new Error(`The store has less than ${DEEP_PAGE} pages.`);
  const { pathname, search } = new URL(next);
  const times: Record<'first' | 'deep', number[]> = { first: [], deep: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, path] of [
      ['first', first],
      ['deep', `${pathname}${search}`],
    ] as const) {
      const target = { kind: 'http', url, headers: AUTHORIZATION, paths: [path] } as const;
      const { each, failure } = await generator.run({ target, inFlight: 1, calls: CALLS, seconds: SECONDS });
      if (failure !== undefined) throw new Error(failure);
      if (round > 0) times[name].push(...each);
    }
  }
  return ([0.5, 0.99] as const).map((share): Figure => {
    const [deep, one] = [percentile(times.deep, share), percentile(times.first, share)];
    return {
      name: `page ${DEEP_PAGE.toLocaleString('en-US')} by cursor, p${share * 100}`,
      unit: 'ms',
      value: deep,
      limit: { of: 'page 1', value: one },
      // What is left for chance: half of the first page's own time.
      aim: { text: 'as fast as page 1 (≤ 1.5 ×)', reached: deep <= 1.5 * one },
    };
  });
}
