import { parseTime } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { WaldurPosition } from './waldur-position.js';

const at = (second: string): bigint => parseTime(`2026-11-02T08:00:${second}Z`) ?? 0n;
const event = (uuid: string, second: string) => ({ uuid, created: at(second) });
const seconds = (second: string): number => Number(at(second) / 1_000_000n);

describe('the position of a poller', () => {
  it('begins where it is told to, and never looks back behind that', () => {
    const position = WaldurPosition.from(undefined, at('10.5'), 5);
    expect(position.createdFrom).toBe(seconds('10'));
    position.advance([event('a', '12')]);
    expect(position.createdFrom).toBe(seconds('10'));
    position.advance([event('b', '30')]);
    expect(position.createdFrom).toBe(seconds('25'));
  });

  it('knows what it has seen as far back as it looks, also after it was kept', () => {
    const position = WaldurPosition.from(undefined, at('00'), 5);
    position.advance([event('old', '10'), event('late', '26'), event('new', '30.000001')]);
    const kept: unknown = JSON.parse(JSON.stringify(position));
    const again = WaldurPosition.from(kept, at('55'), 5);
    expect(again.createdFrom).toBe(seconds('25'));
    expect(['old', 'late', 'new', 'other'].map((uuid) => again.has(event(uuid, '30')))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(again.behind(at('40.000001'))).toBe(10);
  });

  it('does not go back for one that was stored late', () => {
    const position = WaldurPosition.from(undefined, at('00'), 5);
    position.advance([event('new', '30')]);
    position.advance([event('late', '27')]);
    expect(position.createdFrom).toBe(seconds('25'));
    expect(position.has(event('late', '27'))).toBe(true);
  });
});
