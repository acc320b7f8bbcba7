import { describe, expect, expectTypeOf, it } from 'vitest';
import { exampleOf } from './ibm/example.js';
import { catalogue, type EventTypeName, type PayloadOf } from './index.js';

/** As a publisher takes it: the name decides on the payload. */
function publish<Type extends EventTypeName>(type: Type, payload: PayloadOf<Type>): PayloadOf<Type> {
  return payload;
}

const RUN = { project_key: 'GENOME', workflow: 'build', workflow_run_id: 'e543b3d5' };
const CREATED = exampleOf('resource-controller.instance.create', 'instance', 'create', undefined);

// What is wrong below is found by the compiler (`npm run typecheck`), which fails where an expected error does not come.
describe('the static types of payloads', () => {
  it('name every type that is declared', () => {
    const name: EventTypeName = 'com.ibm.cloud.resource-lifecycle-events.resource_group:create';
    expect(catalogue.type(name)?.type).toBe(name);
    expectTypeOf<'com.canonical.lxd.logging'>().toExtend<EventTypeName>();
    expectTypeOf<string>().not.toExtend<EventTypeName>();
  });

  it('take the payload that belongs to the name', () => {
    const renamed = publish('com.canonical.lxd.lifecycle.instance-renamed', {
      metadata: { action: 'instance-renamed', source: '/1.0/instances/web-3', context: { old_name: 'web-2' } },
    });
    expectTypeOf(renamed.metadata.action).toEqualTypeOf<'instance-renamed'>();
    expectTypeOf(renamed.metadata.context?.old_name).toEqualTypeOf<string | undefined>();

    const run = publish('com.ovh.cds.RunEnded', { ...RUN, status: 'Success', payload: [1] });
    expectTypeOf(run.payload).toEqualTypeOf<unknown>();
    expectTypeOf(run.run_number).toEqualTypeOf<number | undefined>();

    const created = publish('com.ibm.cloud.resource-lifecycle-events.instance:create', CREATED);
    expectTypeOf(created.event_type).toEqualTypeOf<'resource-controller.instance.create'>();
    expect([renamed, run, created]).toHaveLength(3);
  });

  it('refuse a name that nobody declared', () => {
    // @ts-expect-error: it is instance-renamed
    publish('com.canonical.lxd.lifecycle.instance-name-changed', {});
    // @ts-expect-error: an action is not a type of event
    publish('com.canonical.lxd.instance-renamed', {});
    // @ts-expect-error: CDS writes its names in one word
    publish('com.ovh.cds.run_ended', RUN);
    // @ts-expect-error: the capital is inside only
    publish('com.ibm.cloud.resource-lifecycle-events.Resource_group:create', {});
  });

  it('refuse a payload that lacks a field', () => {
    // @ts-expect-error: there is no source
    publish('com.canonical.lxd.lifecycle.instance-created', { metadata: { action: 'instance-created' } });
    // @ts-expect-error: an operation has a status
    publish('com.canonical.lxd.operation', { metadata: { id: 'aa2264ac' } });
    // @ts-expect-error: a run is in a project
    publish('com.ovh.cds.RunEnded', { workflow: 'build', workflow_run_id: 'e543b3d5' });
    // @ts-expect-error: whose account is it?
    publish('com.ibm.cloud.resource-lifecycle-events.instance:create', { ...CREATED, account_id: undefined });
  });

  it('refuse a field of another type', () => {
    publish('com.canonical.lxd.lifecycle.instance-exec', {
      // @ts-expect-error: a command is a list of words
      metadata: { action: 'instance-exec', source: '/1.0/instances/web-1', context: { command: 'ls' } },
    });
    // @ts-expect-error: a run's number is a number
    publish('com.ovh.cds.RunEnded', { ...RUN, run_number: '1' });
  });

  it("refuse another event's payload", () => {
    const deleted: PayloadOf<'com.canonical.lxd.lifecycle.instance-deleted'> = {
      metadata: { action: 'instance-deleted', source: '/1.0/instances/web-1' },
    };
    // @ts-expect-error: it was deleted
    publish('com.canonical.lxd.lifecycle.instance-created', deleted);
    // @ts-expect-error: a run is no job
    publish('com.ovh.cds.RunJobEnded', RUN);
    // @ts-expect-error: a result of a job has a name
    publish('com.ovh.cds.RunJobRunResultAdded', { ...RUN, job_id: 'compile', run_job_id: '8885b80b' });
    // @ts-expect-error: it was created
    publish('com.ibm.cloud.resource-lifecycle-events.instance:delete', CREATED);
  });
});
