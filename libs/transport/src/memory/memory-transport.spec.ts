import { describe, expect, it } from 'vitest';
import { transportConformance } from '../conformance/index.js';
import { MemoryTransport } from './memory-transport.js';

describe('the in-memory driver', () => {
  it.each(transportConformance.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { run }) => {
      const transport = new MemoryTransport();
      const unreachable = () => {
        const away = new MemoryTransport();
        away.setReachable(false);
        return away;
      };
      await run({ transport, unreachable, patienceMs: 4_000 });
      await transport.close();
    },
    20_000,
  );

  it('sends what waited when the broker comes back before the deadline', async () => {
    const transport = new MemoryTransport();
    await transport.ensureTopics([{ kafkaTopic: 't', partitions: 1, replicationFactor: 1 }]);
    const publisher = await transport.createPublisher();
    transport.setReachable(false);
    const sent = publisher.publish([{ kafkaTopic: 't', key: 'k', value: 'v', headers: {} }]);
    await expect(
      publisher.publish([{ kafkaTopic: 't', key: 'k', value: 'w', headers: {} }], { deadlineMs: 50 }),
    ).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    transport.setReachable(true);
    await sent;
    expect(transport.records('t').map(({ value }) => value?.toString())).toEqual(['v']);
    await transport.close();
  });
});
