import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NativeReading } from '../../definition.js';
import { parseJson, stringifyJson, type JsonObject } from '../../json.js';
import { catalogue } from '../index.js';
import { cds } from './system.js';

const lines = readFileSync(new URL('../../../../../test/samples/cds-webhook.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

const ENDED = {
  id: 'a33f742a-b4a3-422f-812b-940de0837c3c',
  type: 'RunJobEnded',
  project_key: 'GENOME',
  vcs_name: 'github',
  repository: 'polar/variant-caller',
  workflow: 'build',
  workflow_run_id: 'e543b3d5-feff-4463-afdc-404b7069216b',
  run_job_id: '8885b80b-72e6-4294-8a51-523dd4acf3b8',
  run_number: 2,
  run_attempt: 1,
  job_id: 'compile',
  status: 'Fail',
  username: 'bruno',
  timestamp: '2026-11-02T10:44:49.828695Z',
};

const { native } = cds;
if (native === undefined) throw new TypeError('CDS has a format of its own');
const { read, write } = native;

function eventOf(reading: NativeReading) {
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return reading.event;
}

describe("CDS's native events", () => {
  it('has all of the samples', () => {
    expect(lines).toHaveLength(33);
  });

  it.each(lines)('reads %s, which conforms, and writes it as it came', (line) => {
    const native = JSON.parse(line) as JsonObject;
    const event = eventOf(read(parseJson(line).exact as JsonObject, 'main'));
    const type = catalogue.type(event.type);
    expect(type?.validate(event.data)).toEqual([]);
    expect(event.id).toBe(native['id']);
    expect(event.time).toBe(native['timestamp']);
    expect(event.source).toBe('/cds/main');
    expect(event.subject).toBe(type?.subjectOf(event.data));
    expect(type?.scopeOf('project', event.data)).toBe(native['project_key']);
    expect(stringifyJson(write(event))).toBe(stringifyJson(native));
    expect(type?.messageOf(event.data)).not.toMatch(/undefined|null|\[object/);
  });

  it.each([undefined, '', 7, 'with a \u0000', 'half \ud800', 'x'.repeat(513)])(
    'derives an id from the content where the native one is %j',
    (id) => {
      const event = eventOf(read({ ...ENDED, id }, 'main'));
      expect(event.id).toMatch(/^[0-9a-f]{32}$/);
      const turned = Object.fromEntries(Object.entries({ ...ENDED, id }).reverse());
      expect(eventOf(read(turned, 'main')).id).toBe(event.id);
      expect(eventOf(read({ ...ENDED, id, run_attempt: 2 }, 'main')).id).not.toBe(event.id);
    },
  );

  it('keeps a type that nobody declared, in order within its project', () => {
    const event = eventOf(read({ ...ENDED, type: 'WorkflowDreamt' }, 'main'));
    expect(event.type).toBe('com.ovh.cds.WorkflowDreamt');
    expect(event.subject).toBe('GENOME');
    expect(write(event)).toEqual({ ...ENDED, type: 'WorkflowDreamt' });
    const reader = catalogue.undeclaredReader('cds', event.type);
    expect(reader.nativeType).toBe('WorkflowDreamt');
    expect(reader.scopeOf('project', event.data)).toBe('GENOME');
    expect(reader.messageOf(event.data)).toContain('GENOME');
  });

  it.each([
    ['type', 'type', { ...ENDED, type: undefined }],
    ['type', 'type', { ...ENDED, type: '' }],
    ['type', 'type', { ...ENDED, type: 'a b' }],
    ['time', 'timestamp', { ...ENDED, timestamp: {} }],
    ['time', 'timestamp', { ...ENDED, timestamp: 'now' }],
  ])('has no use for one without its %s in %s', (kind, field, native) => {
    expect(read(native, 'main')).toMatchObject({ rejection: { kind, field } });
  });

  it('keeps whatever else an object holds, huge numbers too', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
        const native = { ...more, ...ENDED };
        expect(write(eventOf(read(native, 'main')))).toEqual(native);
      }),
    );
    const line = `{"id":"a","type":"ProjectCreated","payload":{"n":12345678901234567890},"timestamp":"${ENDED.timestamp}"}`;
    expect(stringifyJson(write(eventOf(read(parseJson(line).exact as JsonObject, 'main'))))).toBe(line);
  });
});

describe('what a CDS event is about', () => {
  it.each([
    ['RunEnded', ENDED.workflow_run_id],
    ['RunJobEnded', ENDED.run_job_id],
    ['RunJobManualTriggered', `${ENDED.workflow_run_id}/compile`],
    ['RepositoryCreated', 'GENOME/github/polar/variant-caller'],
    ['AnalysisDone', 'GENOME/github/polar/variant-caller'],
    ['VCSUpdated', 'GENOME/github'],
    ['ProjectUpdated', 'GENOME'],
    ['EventProjectPurge', 'GENOME'],
  ])('of %s is %s', (type, subject) => {
    expect(eventOf(read({ ...ENDED, type }, 'main')).subject).toBe(subject);
  });

  it('is told apart between projects where only a name is given', () => {
    const of = (project_key: string) =>
      eventOf(read({ ...ENDED, type: 'VariableSetCreated', project_key, variable_set: 'registry' }, 'main')).subject;
    expect(of('GENOME')).not.toBe(of('PROTEOME'));
  });
});

describe('how a CDS event says that something ended', () => {
  const outcomeOf = (type: string, status?: string) =>
    catalogue.type(`com.ovh.cds.${type}`)?.outcomeOf({ ...ENDED, status });

  it.each([
    ['RunCrafted', undefined, 'scheduled'],
    ['RunBuilding', undefined, 'in_progress'],
    ['RunEnded', 'Success', 'succeeded'],
    ['RunEnded', 'Fail', 'failed'],
    ['RunEnded', 'Stopped', 'cancelled'],
    ['RunEnded', 'Skipped', 'cancelled'],
    ['RunEnded', undefined, undefined],
    ['RunEnded', 'Dreaming', undefined],
    ['RunDeleted', 'Fail', 'succeeded'],
    ['RunRestart', 'Building', 'in_progress'],
    ['RunRestartFailedJob', undefined, 'in_progress'],
    ['RunJobEnqueued', 'Waiting', 'scheduled'],
    ['RunJobBlocked', undefined, 'scheduled'],
    ['RunJobScheduled', 'Scheduling', 'scheduled'],
    ['RunJobCancelled', 'Building', 'cancelled'],
    ['RunJobStopped', undefined, 'cancelled'],
    ['RunJobEnded', 'Fail', 'failed'],
    ['RunJobRunResultAdded', undefined, 'in_progress'],
    ['AnalysisStart', 'InProgress', 'in_progress'],
    ['AnalysisDone', 'Error', 'failed'],
    ['AnalysisDone', 'Success', 'succeeded'],
    ['RepositoryDeleted', undefined, 'succeeded'],
  ])('%s with status %s is %s', (type, status, outcome) => {
    expect(outcomeOf(type, status)).toBe(outcome);
  });

  it('and says it for people', () => {
    const { type, data } = eventOf(read(ENDED, 'main'));
    expect(catalogue.type(type)?.messageOf(data)).toBe(
      'Job compile of build #2.1 ended (Fail) in project GENOME by bruno.',
    );
    expect(catalogue.type(type)?.messageOf({})).toBe('Job ended.');
  });
});
