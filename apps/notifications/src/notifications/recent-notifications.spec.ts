import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { expect, it } from 'vitest';
import { RecentNotifications } from './recent-notifications.js';

it('knows what was sent within a minute, and forgets it then', () => {
  const recent = new RecentNotifications();
  recent.remember('i', 'a', 0);
  expect(recent.has('i', 'a', 60_000)).toBe(true);
  expect(recent.has('i', 'a', 60_001)).toBe(false);
  expect(recent.has('i', 'b', 0)).toBe(false);
  expect(recent.has('another', 'a', 0)).toBe(false);
});

it('forgets the oldest where there are too many', () => {
  const recent = new RecentNotifications();
  const most = DELIVERY_LIMITS.remembered.value;
  for (let index = 0; index < most; index += 1) recent.remember('i', String(index), 0);
  expect(recent.has('i', '0', 0)).toBe(true);
  recent.remember('i', 'last', 0);
  expect(recent.has('i', '0', 0)).toBe(false);
  expect(recent.has('i', '1', 0)).toBe(true);
  expect(recent.has('i', 'last', 0)).toBe(true);
});
