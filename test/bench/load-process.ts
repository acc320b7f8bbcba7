import { Pool } from 'pg';
import { HttpLane } from './http-lane.js';
import type { HttpTarget, LoadOrder, LoadResult, SqlTarget } from './load-protocol.js';

/** Answers every order with its result. Neither the server nor what measures the other side is in this process. */
process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ each: [], all: 0, failures: 1, failure: String(error) } satisfies LoadResult),
  );
});
// Ctrl-C reaches the whole group of processes; whoever started this one ends it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

/** What runs the n-th call in one of the lanes. */
interface Caller {
  readonly call: (lane: number, n: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { target, inFlight, calls, seconds } = order;
  const caller = target.kind === 'http' ? await httpCaller(target, inFlight) : await sqlCaller(target, inFlight);
  const each: number[] = [];
  const failures: string[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let started = 0;
  const lane = async (number: number): Promise<void> => {
    while (started < calls && performance.now() < end) {
      const n = started++;
      const at = performance.now();
      try {
        await caller.call(number, n);
        each.push(performance.now() - at);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        if (failures.length > inFlight) return;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, number) => lane(number)));
  const all = performance.now() - begin;
  await caller.close();
  return { each, all, failures: failures.length, ...(failures[0] !== undefined && { failure: failures[0] }) };
}

async function httpCaller({ url, headers, paths }: HttpTarget, inFlight: number): Promise<Caller> {
  const lanes = await Promise.all(Array.from({ length: inFlight }, () => HttpLane.open(url, headers)));
  return {
    call: (lane, n) => nth(lanes, lane).get(nth(paths, n)),
    close: () => Promise.resolve(lanes.forEach((lane) => lane.close())),
  };
}

async function sqlCaller({ databaseUrl, connections, questions }: SqlTarget, inFlight: number): Promise<Caller> {
  const pool = new Pool({ connectionString: databaseUrl, max: Math.min(connections, inFlight) });
  const clients = await Promise.all(Array.from({ length: Math.min(connections, inFlight) }, () => pool.connect()));
  clients.forEach((client) => client.release());
  return {
    call: async (_, n) => {
      const client = await pool.connect();
      try {
        for (const { values, ...statement } of nth(questions, n))
          await client.query({ ...statement, values: [...values] });
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

function nth<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new RangeError('nothing to call');
  return found;
}
