import { Module } from '@nestjs/common';
import { expect, test, vi } from 'vitest';
import { createHttpApplication } from './http-application.js';
import { Metrics, MetricsModule } from './metrics-module.js';
import { createLog } from './process-log.js';

test('what is measured can be read, by whom the root module says', async () => {
  const guarded = vi.fn<(controller: object) => void>();
  @Module({ imports: [MetricsModule.forRoot(guarded)] })
  class RootModule {}
  const app = await createHttpApplication(RootModule, createLog('test', 'fatal'));
  const metrics = app.get(Metrics);
  metrics.counter('tidings_things_total', 'Things.', ['kind']).inc({ kind: 'good' }, 3);
  metrics.gauge('tidings_lag', 'Lag.', [], (gauge) => gauge.set(7));
  metrics.histogram('tidings_seconds', 'Time.', [0.1, 1]).observe(0.5);

  const answer = await app.inject('/metrics');
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.body).toContain('tidings_things_total{kind="good"} 3');
  expect(answer.body).toContain('tidings_lag 7');
  expect(answer.body).toContain('tidings_seconds_bucket{le="1"} 1');
  expect(answer.body).toContain('process_resident_memory_bytes');
  expect(guarded).toHaveBeenCalled();
  await app.close();
});

test('asking twice for a metric gives the same one', () => {
  const metrics = new Metrics();
  expect(metrics.counter('tidings_things_total', 'Things.')).toBe(metrics.counter('tidings_things_total', 'Things.'));
});
