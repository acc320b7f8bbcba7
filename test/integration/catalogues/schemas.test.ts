import { catalogue } from '@tidings/catalogue';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld } from '../api-world.js';

const ANYBODY = { headers: { authorization: '' } };
const TYPE = 'com.ibm.cloud.resource-lifecycle-events.instance:update_plan_inprogress';

let world: ApiWorld;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});

afterAll(async () => world.close());

describe('/schemas', () => {
  it('has what the dataschema of every type says, for anybody', async () => {
    for (const { dataschema, schema } of catalogue.types()) {
      const answer = await world.request(`/schemas/${dataschema}`, ANYBODY);
      expect(answer.status, dataschema).toBe(200);
      expect(answer.json()).toEqual(schema);
    }
  });

  it("allows a type's example in somebody else's validator, however strict", async () => {
    const ajv = new Ajv2020({ strict: true });
    for (const { name } of catalogue.systems()) {
      const [type] = catalogue.types().filter(({ system }) => system === name);
      const schema = (await world.request(`/schemas/${type?.dataschema ?? ''}`)).json<object>();
      expect(ajv.validate(schema, type?.example), `${name}: ${ajv.errorsText()}`).toBe(true);
      expect(ajv.validate(schema, 'no object'), name).toBe(false);
    }
  });

  it('has the same by type and version, also where a client encodes the colons', async () => {
    const { json } = await world.request(`/schemas/urn:tidings:schema:${TYPE}:1`);
    for (const path of [
      `${TYPE}/1`,
      `${encodeURIComponent(TYPE)}/1/`,
      encodeURIComponent(`urn:tidings:schema:${TYPE}:1`),
    ]) {
      expect((await world.request(`/schemas/${path}`)).json()).toEqual(json());
    }
  });

  it('may be kept for ever, and is not sent again to whom has it', async () => {
    const { headers, text } = await world.request(`/schemas/${TYPE}/1`);
    expect(headers['content-type']).toMatch(/^application\/schema\+json/);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const tag = headers.etag ?? '';
    for (const held of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await world.request(`/schemas/${TYPE}/1`, { headers: { 'if-none-match': held } });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', tag]);
    }
    const other = await world.request(`/schemas/${TYPE}/1`, { headers: { 'if-none-match': '"other"' } });
    expect([other.status, other.text]).toEqual([200, text]);
  });

  it.each([
    [`${TYPE}/7`, `urn:tidings:schema:${TYPE}:1`],
    [TYPE, `urn:tidings:schema:${TYPE}:1`],
    [
      'urn:tidings:schema:com.waldur.customer_creation_suceeded:1',
      'urn:tidings:schema:com.waldur.customer_creation_succeeded:1',
    ],
  ])('does not know %s, and names what may have been meant', async (path, nearest) => {
    const answer = await world.request(`/schemas/${path}`, ANYBODY);
    expect(answer.status).toBe(404);
    expect(answer.json<{ nearest: string[] }>().nearest).toContain(nearest);
  });

  it.each(['__proto__/1', `${TYPE}/01`, `${TYPE}/1e0`, `${TYPE}/-1`, '%00', 'x'.repeat(400)])(
    'does not know %s',
    async (path) => {
      expect((await world.request(`/schemas/${path}`)).status).toBe(404);
    },
  );
});
