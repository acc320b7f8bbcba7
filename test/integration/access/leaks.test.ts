import { catalogue } from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld } from '../api-world.js';
import { AnswerTries } from './answer-tries.js';
import { StreamTries } from './stream-tries.js';
import { type Party, TwoParties } from './two-parties.js';

let world: ApiWorld;
let both: TwoParties;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  both = await TwoParties.settle(world);
});

afterAll(async () => world.close());

const TYPE = 'com.canonical.lxd.lifecycle.instance-created';

/** Routes that tell of types and not of events, the same to everybody; with a path of each. */
const OF_TYPES: Readonly<Record<string, string>> = {
  '/': '/',
  '/1.0': '/1.0',
  '/api/catalogue': '/api/catalogue',
  '/api/catalogue/:type': `/api/catalogue/${TYPE}`,
  '/api/events/event_groups': '/api/events/event_groups',
  '/api/events/scope_types': '/api/events/scope_types',
  '/schemas/:dataschema': `/schemas/${catalogue.type(TYPE)?.dataschema}`,
  '/schemas/:type/:version': `/schemas/${TYPE}/1`,
};

/** How each route that readers may call is tried. */
const TRIES: Readonly<Record<string, (party: Party) => Promise<void>>> = {
  '/api/events': (party) => new AnswerTries(both).list(party),
  '/api/events/count': (party) => new AnswerTries(both).count(party),
  '/api/events/export': (party) => new AnswerTries(both).export(party),
  '/api/events/histogram': (party) => new AnswerTries(both).histogram(party),
  '/api/events/:id': (party) => new AnswerTries(both).retrieve(party),
  '/api/events/:id/related': (party) => new AnswerTries(both).related(party),
  '/api/events-stats': (party) => new AnswerTries(both).stats(party),
  '/api/me': (party) => new AnswerTries(both).me(party),
  '/v1/stream': (party) => new StreamTries(world, both).stream(party),
  '/1.0/events': (party) => new StreamTries(world, both).lxd(party),
  ...Object.fromEntries(
    Object.entries(OF_TYPES).map(([route, path]) => [route, (party: Party) => new AnswerTries(both).same(path)(party)]),
  ),
};

/** Routes that say nothing of events, nor of anybody. */
const OF_THE_PROCESS: ReadonlySet<string> = new Set([
  '/docs',
  '/docs/openapi.json',
  '/docs/async',
  '/docs/async.json',
  '/health/live',
  '/health/ready',
  '/console',
  '/console/*',
  '/console/assets/:file',
  '/console/config.json',
]);

/** What a reader has no permission for: these show what belongs to all. */
const OPERATORS_ONLY: ReadonlySet<string> = new Set([
  'admin',
  'dead-letters',
  'notifications:read',
  'notifications:admin',
]);

const readRoutes = () => world.routes.filter(({ method }) => method === 'GET');

describe('two readers with nothing in common', () => {
  it('know of no route that this test does not try', () => {
    const unknown = readRoutes()
      .filter(({ access }) => !OPERATORS_ONLY.has(access ?? ''))
      .filter(({ path }) => !OF_THE_PROCESS.has(path) && !Object.hasOwn(TRIES, path))
      .map(({ path }) => path);
    expect(unknown).toEqual([]);
    const gone = Object.keys(TRIES).filter((path) => !readRoutes().some((route) => route.path === path));
    expect(gone).toEqual([]);
  });

  describe.each(TwoParties.sites)('%s', (site) => {
    it('is kept from dead letters, the audit log and whatever else shows what belongs to all', async () => {
      const routes = readRoutes().filter(({ access }) => OPERATORS_ONLY.has(access ?? ''));
      const paths = routes.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['/api/dead-letters', '/api/audit', '/api/tokens', '/metrics']));
      const answers = paths.map((path) => both.refused(both.at(site), path.replace(/:\w+/g, '1'), 403));
      // Not even whether the first letter is there.
      expect(new Set(await Promise.all(answers)).size).toBe(1);
    });

    it.each(Object.entries(TRIES))('sees nothing of the other by %s', async (_path, attempt) => {
      await attempt(both.at(site));
    });
  });
});
