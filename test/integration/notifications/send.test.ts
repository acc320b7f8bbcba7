import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { decodeRecord, type DecodedRecord, KafkaTransport, silentLog } from '@tidings/transport';
import { until } from '../../harness/until.js';
import { AdminWorld, type IbmErrors, type Listed } from './admin-world.js';

let world: AdminWorld;
let transport: KafkaTransport;
const seen: { readonly kafkaTopic: string; readonly decoded: DecodedRecord }[] = [];

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  transport = new KafkaTransport({ brokers: [inject('brokers')], clientId: 'send-test', log: silentLog });
  await transport.consume({
    groupId: `${world.prefix}send-test`,
    matches: (kafkaTopic) => kafkaTopic.startsWith(world.prefix),
    discoverEveryMs: 500,
    handle: ({ kafkaTopic, records }) => {
      for (const record of records) seen.push({ kafkaTopic, decoded: decodeRecord(record) });
      return Promise.resolve();
    },
  });
});
afterAll(async () => {
  await transport.close();
  await world.close();
});

const event = (members: object): object => ({
  specversion: '1.0',
  id: 'e1',
  source: 'com.acme/offers',
  type: 'com.acme.offer:new',
  ...members,
});

async function sourceInTopic(name: string): Promise<string> {
  const { id = '' } = await world.made('/default/sources', { name });
  await world.made('/default/topics', { name, sources: [{ id }] });
  return id;
}

async function refused(status: number, json: object, headers = {}): Promise<string> {
  const answer = await world.in('/notifications', { method: 'POST', json, headers });
  expect(answer.status, answer.text).toBe(status);
  return answer.json<IbmErrors>().errors[0]?.message ?? '';
}

it('what is sent through an API source goes over the bus as it is, in each of the three forms', async () => {
  const ibmensourceid = await sourceInTopic('sender');
  const data = '{"exact":1.10,"big":12345678901234567890}';
  const text = JSON.stringify(event({ ibmensourceid, ibmenseverity: 'LOW' })).replace(/}$/, `,"data":${data}}`);
  const post = async (headers: Readonly<Record<string, string>>, body: string): Promise<string> => {
    const answer = await world.in('/notifications', { method: 'POST', headers, body });
    expect(answer.status, answer.text).toBe(202);
    return answer.json<{ notification_id: string }>().notification_id;
  };
  const first = await post({ 'content-type': 'application/json' }, text);
  const again = await post({ 'content-type': 'application/cloudevents+json; charset=utf-8' }, text);
  expect(again).toBe(first);
  await post(
    {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'e2',
      'ce-source': 'com.acme/offers',
      'ce-type': 'io.tidings.api.notification',
      'ce-subject': 'caf%C3%A9',
      'ce-ibmensourceid': ibmensourceid,
    },
    data,
  );
  await until(() => seen.length >= 3, { what: 'the events on the bus' });
  expect(seen.map(({ kafkaTopic }) => kafkaTopic.slice(world.prefix.length)).sort()).toEqual([
    'lifecycle.api.notifications',
    'lifecycle.api.uncatalogued',
    'lifecycle.api.uncatalogued',
  ]);
  for (const { decoded } of seen) {
    if (decoded.kind !== 'event') throw new Error(decoded.kind);
    expect(decoded.data.toString()).toBe(data);
    expect(decoded.event.extensions?.['ibmensourceid']).toBe(ibmensourceid);
  }
  // Nothing takes it here; for all that is known yet, something may.
  expect((await world.in(`/notifications/${first}`)).json()).toMatchObject({ status: 'pending' });
  const { id: other } = await world.made<{ id: string }>('', { name: 'other', scopes: ['lxd:rack1'] });
  expect((await world.ask(`/${other}/notifications/${randomUUID()}`)).status).toBe(404);
});

it('what no topic takes is refused, and says why', async () => {
  const { id } = await world.made('/default/sources', { name: 'lonely' });
  expect(await refused(422, event({ ibmensourceid: id }))).toContain('in no topic');
  expect(await refused(422, event({ ibmensourceid: 'nobody' }))).toContain('no source of this instance');
  expect(await refused(422, event({}))).toContain('is required');
  const disabled = await sourceInTopic('disabled');
  await world.in(`/sources/${encodeURIComponent(disabled)}`, { method: 'PATCH', json: { enabled: false } });
  expect(await refused(422, event({ ibmensourceid: disabled }))).toContain('is disabled');
  const { sources } = (await world.in('/sources?search=LXD')).json<Listed>();
  expect(await refused(422, event({ ibmensourceid: sources[0]?.id }))).toContain('pre-defined');
});

it('what is no CloudEvent, or speaks for somebody else, is refused', async () => {
  const ibmensourceid = await sourceInTopic('strict');
  const bad = [
    { id: undefined },
    { specversion: '0.3' },
    { time: 'noon' },
    { source: '' },
    { datacontenttype: 'text/plain' },
  ];
  for (const members of bad) await refused(400, event({ ibmensourceid, ...members }));
  const type = 'com.canonical.lxd.lifecycle.instance-created';
  expect(await refused(422, event({ ibmensourceid, type }))).toContain('belongs to the system lxd');
  await refused(415, event({ ibmensourceid }), { 'content-type': 'text/plain' });
  const token = await world.issueToken(['notifications:admin'], ['*']);
  const authorization = `Bearer ${token}`;
  for (const source of ['/lxd/rack1', '/tidings/main', '/api/another-instance', '/api/another-instance/x']) {
    await refused(403, event({ ibmensourceid, source }), { authorization });
  }
});
