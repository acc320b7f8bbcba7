import { Logger } from '@nestjs/common';
import { Metrics } from '@tidings/runtime';
import { expect, it, vi } from 'vitest';
import { HorizonWatch } from './horizon-watch.js';

it('reports a transaction that stays open, once, and no other', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  const at = { present: 5n, horizon: 5n };
  const position = (transaction: bigint) => Promise.resolve({ transaction, sequence: 0n });
  const watch = new HorizonWatch(
    { present: () => position(at.present), horizon: () => position(at.horizon) },
    new Metrics(),
  );
  // Nothing is open, then others come and go.
  for (let now = 0; now <= 120_000; now += 10_000) await watch.look(now);
  for (let now = 120_000; now <= 240_000; now += 10_000) {
    at.horizon += 2n;
    at.present += 1n;
    await watch.look(now);
  }
  expect(warn).not.toHaveBeenCalled();
  for (let now = 240_000; now <= 400_000; now += 10_000) await watch.look(now);
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]?.[0]).toContain(`${at.present + 1n}`);
  warn.mockRestore();
});
