import { inspect } from 'node:util';
import { parseTime, timeOfUuid } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { IntakeReport, MAX_LISTED } from './intake-report.js';
import type { Kept, KeptStatus, Rejected, RejectionCode } from './reading.js';

const time = '2026-11-02T08:01:53.204968Z';

function kept(status: KeptStatus, id = 'a'): Kept {
  const record = { kafkaTopic: 'lifecycle.cds.run', key: null, headers: {}, value: '{}' };
  return {
    status,
    system: 'cds',
    record,
    ...(status !== 'dead_letter' && { event: { id, source: '/cds/main', type: 't', time } }),
  };
}

function rejected(code: RejectionCode): Rejected {
  return { status: 'rejected', code, system: 'cds', problems: [{ field: 'id', problem: 'is required' }] };
}

function report(): { report: IntakeReport; counted: string[] } {
  const counted: string[] = [];
  return { report: new IntakeReport((system, status) => counted.push(`${system} ${status}`)), counted };
}

describe('IntakeReport', () => {
  it('tells what became of every event, and counts what Kafka has', () => {
    const { report: of, counted } = report();
    const events = (['accepted', 'uncatalogued', 'non_conforming', 'dead_letter'] as const).map((status) =>
      kept(status),
    );
    for (const event of events) of.add(event);
    of.add(rejected('malformed_json'));
    expect(of.counts()).toEqual({ accepted: 0, rejected: 1, dead_lettered: 0, uncatalogued: 0, non_conforming: 0 });
    for (const event of events) of.acknowledge(event);
    const answer = of.answer();
    expect(answer).toMatchObject({ accepted: 3, rejected: 1, dead_lettered: 1, uncatalogued: 1, non_conforming: 1 });
    expect(answer.events?.map(({ position, status }) => `${position} ${status}`)).toEqual([
      '0 accepted',
      '1 uncatalogued',
      '2 non_conforming',
      '3 dead_letter',
      '4 rejected',
    ]);
    expect(answer.events?.[4]).toEqual({
      position: 4,
      status: 'rejected',
      code: 'malformed_json',
      problems: [{ field: 'id', problem: 'is required' }],
    });
    expect(counted).toEqual([
      'cds rejected',
      'cds accepted',
      'cds uncatalogued',
      'cds non_conforming',
      'cds dead_letter',
    ]);
  });

  it('keeps no record, which may be large', () => {
    const { report: of } = report();
    of.add(kept('accepted'));
    of.add(kept('dead_letter'));
    expect(inspect(of, { depth: Infinity })).not.toContain('lifecycle.cds.run');
  });

  it('gives the uuid that the query API will show', () => {
    const { report: of } = report();
    of.add(kept('accepted'));
    const uuid = of.answer().events?.[0]?.uuid ?? '';
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOfUuid(uuid.replaceAll('-', ''))).toBe(parseTime(time));
  });

  it('lists all of 1,000 events, and of more only the first 1,000 exceptions', () => {
    const { report: of } = report();
    for (let index = 0; index < MAX_LISTED; index += 1) of.add(kept('accepted'));
    expect(of.answer().events).toHaveLength(MAX_LISTED);
    for (let index = 0; index < MAX_LISTED + 5; index += 1) of.add(rejected('event_too_large'));
    const { events, exceptions, unlisted, rejected: count } = of.answer();
    expect(events).toBeUndefined();
    expect(count).toBe(MAX_LISTED + 5);
    expect(exceptions?.length).toBeGreaterThan(500);
    expect((exceptions?.length ?? 0) + (unlisted ?? 0)).toBe(MAX_LISTED + 5);
    expect(exceptions?.[0]).toMatchObject({ position: MAX_LISTED, code: 'event_too_large' });
  });

  it('tells twenty problems of an event, in an answer of a bounded length', () => {
    const problems = Array.from({ length: 30 }, (_, at) => ({
      field: `f${at}`.repeat(1_000),
      problem: 'p'.repeat(1_000),
    }));
    const { report: of } = report();
    for (let index = 0; index < 40; index += 1) of.add({ ...rejected('unprocessable_event'), problems });
    const answer = of.answer();
    expect(JSON.stringify(answer).length).toBeLessThan(101_000);
    expect(answer.exceptions?.[0]?.problems).toHaveLength(20);
    expect(answer.exceptions?.[0]?.problems?.[0]?.problem).toHaveLength(501);
    expect((answer.exceptions?.length ?? 0) + (answer.unlisted ?? 0)).toBe(40);
    expect(answer.rejected).toBe(40);
  });

  it('lists what Kafka refuses where it stands, also in a long stream', () => {
    for (const amount of [10, MAX_LISTED + 10]) {
      const { report: of } = report();
      const events = Array.from({ length: amount }, () => kept('accepted'));
      for (const event of events) of.add(event);
      const last = amount - 1;
      for (const position of [last, 3]) of.refuse(position, kept('accepted'), 'event_too_large', []);
      of.acknowledge(kept('accepted'));
      const answer = of.answer();
      expect(answer).toMatchObject({ accepted: 1, rejected: 2 });
      const refused = (answer.events ?? answer.exceptions)?.filter(({ status }) => status === 'rejected');
      expect(refused?.map(({ position }) => position)).toEqual([3, last]);
    }
  });

  it('has one rejection that speaks for all, if nothing went through', () => {
    const { report: of } = report();
    of.add(rejected('malformed_json'));
    of.add(rejected('malformed_json'));
    expect(of.soleRejection()?.code).toBe('malformed_json');
    of.add(rejected('event_too_large'));
    expect(of.soleRejection()?.code).toBe('unprocessable_event');
    of.add(kept('dead_letter'));
    expect(of.soleRejection()).toBeUndefined();
    expect(report().report.soleRejection()).toBeUndefined();
  });
});
