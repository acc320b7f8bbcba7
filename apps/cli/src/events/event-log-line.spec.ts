import pc from 'picocolors';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CloudEvent } from './cloud-event.js';
import { EventKnowledge } from './event-knowledge.js';
import { eventLogLine } from './event-log-line.js';

const LOGFMT = { colours: pc.createColors(false), isPretty: false, isNative: false };
const NATIVE = { ...LOGFMT, isNative: true };
const PRETTY = { ...LOGFMT, isPretty: true };

let knowledge: EventKnowledge;
beforeAll(async () => {
  knowledge = await EventKnowledge.load();
});

const event = (type: string, data: unknown, more: Partial<CloudEvent> = {}): CloudEvent => ({
  id: '1',
  source: '/lxd/rack1',
  type,
  time: '2026-11-02T10:42:37.1Z',
  data,
  ...more,
});

// What `lxc monitor --pretty` prints of these events.
describe("LXD's events in the words of its own client", () => {
  it.each([
    [
      'lifecycle.cluster-member-renamed',
      {
        action: 'cluster-member-renamed',
        source: '/1.0/cluster/members/node3',
        requestor: { username: '7cd4b0e1c1a7', protocol: 'tls', address: '192.0.2.9:41234' },
        context: { old_name: 'node-three' },
      },
      'level=info msg="Action: cluster-member-renamed, Source: /1.0/cluster/members/node3, Requestor: tls/7cd4b0e1c1a7 (192.0.2.9:41234)" old_name=node-three',
    ],
    [
      'lifecycle.instance-created',
      { action: 'instance-created', source: '/1.0/instances/c1', requestor: null },
      'level=info msg="Action: instance-created, Source: /1.0/instances/c1"',
    ],
    [
      'operation',
      { id: 'aa2264ac', class: 'task', description: 'Creating instance', status: 'Running', status_code: 103, err: '' },
      'level=info msg="ID: aa2264ac, Class: task, Description: Creating instance" CreatedAt= Err= Location= MayCancel= Metadata= Resources= Status=Running StatusCode=103 UpdatedAt=',
    ],
    [
      'logging',
      { level: 'warning', message: 'Disk is nearly full', context: { disk: '/dev/sda', why: 'too many "images"' } },
      'level=warning msg="Disk is nearly full" disk=/dev/sda why="too many \\"images\\""',
    ],
  ])('%s', (type, metadata, line) => {
    const shown = eventLogLine(event(`com.canonical.lxd.${type}`, { metadata }), knowledge, NATIVE);
    expect(shown).toBe(`time=2026-11-02T10:42:37.1Z ${line}`);
  });
});

it('has the message of the catalogue otherwise, for LXD as for all, and no name twice', () => {
  const metadata = { action: 'instance-created', source: '/1.0/instances/c1', context: { type: 'container' } };
  const created = event('com.canonical.lxd.lifecycle.instance-created', { metadata }, { subject: '/1.0/instances/c1' });
  expect(eventLogLine(created, knowledge, LOGFMT)).toBe(
    'time=2026-11-02T10:42:37.1Z level=info msg="Instance c1 was created." type=com.canonical.lxd.lifecycle.instance-created source=/lxd/rack1 subject=/1.0/instances/c1',
  );
});

it('prints what failed as an error', () => {
  const failed = knowledge.tell(event('com.ovh.cds.ProjectCreated', { project_key: 'DEMO', username: 'aino' }));
  expect(failed).toMatchObject({ message: 'Project DEMO was created by aino.', name: 'ProjectCreated' });
  const type = 'com.waldur.resource_creation_failed';
  const data = { message: 'Resource vm-02 creation has failed.', context: {} };
  expect(eventLogLine(event(type, data, { source: '/waldur/main', subject: 'vm' }), knowledge, LOGFMT)).toBe(
    `time=2026-11-02T10:42:37.1Z level=error msg="Resource vm-02 creation has failed." type=${type} source=/waldur/main subject=vm`,
  );
});

it('says what it can of events that it does not know', () => {
  const unknown = event('org.example.happened', { any: 'thing' }, { source: 'urn:somebody' });
  expect(eventLogLine(unknown, knowledge, LOGFMT)).toContain(
    'level=info msg= type=org.example.happened source=urn:somebody',
  );
  expect(knowledge.show(unknown)).toMatchObject({ event_type: 'org.example.happened', message: '', outcome: null });
  expect(knowledge.asNative(unknown)).toBeUndefined();
});

it('is short on a terminal', () => {
  const created = event(
    'com.ovh.cds.ProjectCreated',
    { project_key: 'DEMO', username: 'aino' },
    { time: '2025-11-02T10:42:37.1Z' },
  );
  expect(eventLogLine(created, knowledge, PRETTY)).toBe(
    `INFO  [2025-11-02] ${'Project DEMO was created by aino.'.padEnd(44)} type=ProjectCreated source=/lxd/rack1`,
  );
});

it('is aligned on a terminal, and lets no event command it', () => {
  const message = 'moved\u001b[2J\nlevel=error';
  const line = eventLogLine(
    event('com.canonical.lxd.logging', { metadata: { level: 'info', message, context: {} } }),
    knowledge,
    { ...PRETTY, isNative: true },
  );
  expect(line).toMatch(/^INFO {2}\[2026-11-02T10:42:37.1Z\] moved\\u001b\[2J\\nlevel=error$/);
});
