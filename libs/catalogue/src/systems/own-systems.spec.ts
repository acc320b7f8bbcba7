import { describe, expect, it } from 'vitest';
import { catalogue, type PayloadOf } from './index.js';

describe('an event of the notification API', () => {
  const type = catalogue.type('io.tidings.api.notification');
  const undeclared = catalogue.undeclaredReader('api', 'com.example.release');

  it.each([
    [{ message: 'Release 118 is live.' }, 'Release 118 is live.'],
    [{ short_description: 'Live', long_description: 'Release 118 is live.' }, 'Live'],
    [{ message: '', title: 'Release 118' }, 'Release 118'],
    [{ message: 7 }, 'A notification was sent.'],
    [{}, 'A notification was sent.'],
  ])('says %j for people', (data, message) => {
    expect(type?.messageOf(data)).toBe(message);
    expect(undeclared.messageOf(data)).toBe(message);
  });

  it('may hold anything', () => {
    expect(type?.validate({ findings: [{ severity: 'MODERATE' }] })).toEqual([]);
    expect(type?.validate({ message: 7 })).toEqual([{ field: 'message', problem: 'must be string' }]);
  });

  it('is about what it names', () => {
    expect(type?.subjectOf({ id: 'deploy-118' })).toBe('deploy-118');
    expect(undeclared.subjectOf({ id: 'deploy-118' })).toBeUndefined();
  });

  it.each([undefined, null, 'text', 7, []])('is said even when its data is %j', (data) => {
    expect(undeclared.messageOf(data)).toBe('A notification was sent.');
  });
});

describe('an event of our own', () => {
  const disabled: PayloadOf<'io.tidings.destination.disabled'> = {
    destination_id: '0f2d4e4c-2c1e-4a6e-9d67-4a2f3f4f0c11',
    destination_name: 'On-call webhook',
    instance_id: '3f9f0f7e-7c0b-4a44-8f57-0d4e7b7f6f10',
    reason: 'it answered 410 Gone',
  };
  const type = catalogue.type('io.tidings.destination.disabled');

  it('tells which destination was disabled, and why', () => {
    expect(type?.validate(disabled)).toEqual([]);
    expect(type?.messageOf(disabled)).toBe('Destination On-call webhook was disabled: it answered 410 Gone.');
    expect(type?.subjectOf(disabled)).toBe(disabled.destination_id);
    expect(type?.outcomeOf(disabled)).toBe('failed');
  });

  it('tells of the time in which a connector may have missed events', () => {
    const gap: PayloadOf<'io.tidings.connector.gap'> = {
      connector: 'rack1',
      event_source: '/lxd/rack1',
      from: '2026-11-02T08:01:53.204Z',
      to: '2026-11-02T08:02:07.911Z',
      seconds: 14.707,
      reason: 'connection_lost',
    };
    const gapType = catalogue.type('io.tidings.connector.gap');
    expect(gapType?.validate(gap)).toEqual([]);
    expect(gapType?.subjectOf(gap)).toBe('rack1');
    expect(gapType?.messageOf(gap)).toBe(
      'Connector rack1 may have missed events from 2026-11-02T08:01:53.204Z to 2026-11-02T08:02:07.911Z: the connection was lost.',
    );
    expect(gapType?.validate({ ...gap, reason: 'tired' })).not.toEqual([]);
  });

  it('is told from one of the notification API, whose names begin alike', () => {
    expect(catalogue.systemOfType('io.tidings.destination.mended')?.name).toBe('tidings');
    expect(catalogue.systemOfType('io.tidings.api.mended')?.name).toBe('api');
  });
});
