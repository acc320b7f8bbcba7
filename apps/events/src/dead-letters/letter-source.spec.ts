import { catalogue } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { foreignSource } from './letter-source.js';

const HEADERS = {
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: '1',
  ce_source: '/api/team',
  ce_type: 'io.tidings.api.notification',
  ce_time: '2026-11-02T08:00:00Z',
};
const message = (headers: Readonly<Record<string, string>> = {}): Parameters<typeof foreignSource>[0] => ({
  key: null,
  value: '{}',
  headers: { ...HEADERS, ...headers },
});
const structured = (members: object): Parameters<typeof foreignSource>[0] => ({
  key: null,
  value: JSON.stringify({
    specversion: '1.0',
    id: '1',
    type: 'x.y',
    data: {},
    source: '/api/team',
    time: HEADERS.ce_time,
    ...members,
  }),
  headers: { 'content-type': 'application/cloudevents+json' },
});
const caller = { sources: ['/api/team', 'mine:*'] };

describe('the source that a repair brings in', () => {
  it.each([
    ['another source', { ce_source: '/api/other' }, '/api/other'],
    ['the API source of another instance', { ce_ibmensourceid: 'other:api' }, 'other:api'],
    ['the API source of another instance, in other letters', { 'CE-IbmEnSourceId': 'other:api' }, 'other:api'],
  ])('is foreign where it is %s', (_, headers, foreign) => {
    expect(foreignSource(message(), message(headers), caller, catalogue)).toBe(foreign);
  });

  it('is found in the value of a structured event', () => {
    expect(foreignSource(message(), structured({ ibmensourceid: 'other:api' }), caller, catalogue)).toBe('other:api');
    expect(foreignSource(message(), structured({ source: '/api/other' }), caller, catalogue)).toBe('/api/other');
  });

  it('may be one that the caller may publish as, and stay what it was', () => {
    expect(foreignSource(message(), message({ ce_ibmensourceid: 'mine:api' }), caller, catalogue)).toBeUndefined();
    const original = message({ ce_source: '/api/other', ce_ibmensourceid: 'other:api' });
    expect(foreignSource(original, original, { sources: [] }, catalogue)).toBeUndefined();
    const unread = { ...original, headers: { ...original.headers, ce_type: '' } };
    expect(foreignSource(unread, original, { sources: [] }, catalogue)).toBeUndefined();
  });

  describe('names the system of a new type, where the source names none', () => {
    const waldur = 'com.waldur.customer_creation_succeeded';
    const team = (type: string) => message({ ce_source: '/team', ce_type: type });
    const from = (original: string, repaired: string, sources: readonly string[]) =>
      foreignSource(team(original), team(repaired), { sources }, catalogue);

    it('which the caller has to be able to publish as', () => {
      expect(from('io.tidings.api.notification', waldur, [])).toBe('/waldur/main');
      expect(from('io.tidings.api.notification', waldur, ['/waldur/*'])).toBeUndefined();
      expect(from('com.canonical.lxd.operation', waldur, ['/lxd/*'])).toBe('/waldur/main');
    });

    it('also in the value of a structured event', () => {
      const repaired = structured({ source: '/team', type: waldur });
      expect(foreignSource(team('x.y'), repaired, { sources: ['/team'] }, catalogue)).toBe('/waldur/main');
    });

    it('and not where the original was of that system by its name, or the source is', () => {
      expect(from('com.waldur.customer_creation_suceeded', waldur, [])).toBeUndefined();
      const original = message({ ce_source: '/waldur/rack1', ce_type: 'nobody.knows' });
      const repaired = message({ ce_source: '/waldur/rack1', ce_type: waldur });
      expect(foreignSource(original, repaired, { sources: [] }, catalogue)).toBeUndefined();
    });
  });
});
