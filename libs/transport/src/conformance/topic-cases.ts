import { strict as assert } from 'node:assert';
import {
  consuming,
  freshName,
  freshTopic,
  numbered,
  reader,
  send,
  totalLag,
  type ConformanceCase,
} from './conformance-world.js';

/** What the port promises of kafkaTopics. */
export const topicCases: readonly ConformanceCase[] = [
  {
    name: 'makes the kafkaTopics that are missing, once, and describes them',
    async run({ transport }) {
      const kafkaTopic = freshName('made');
      const spec = { kafkaTopic, partitions: 3, replicationFactor: 1, config: { 'retention.ms': '86400000' } };
      assert.deepEqual(await transport.ensureTopics([spec]), { created: [kafkaTopic], findings: [] });
      assert.deepEqual(await transport.ensureTopics([spec]), { created: [], findings: [] });
      assert.ok((await transport.listTopics()).includes(kafkaTopic));
      const [description] = await transport.describeTopics([kafkaTopic, freshName('missing')]);
      assert.equal(description?.partitions, 3);
      assert.equal(description.replicationFactor, 1);
      assert.equal(description.config?.['retention.ms'], '86400000');
    },
  },
  {
    name: 'takes messages for every partition of a kafkaTopic just made, and writes each once',
    async run(world) {
      // A broker leads so many partitions one after the other: some are served before the others are.
      const kafkaTopic = await freshTopic(world, 'served', 30);
      await send(
        world,
        numbered(kafkaTopic, 300, (n) => `k${n}`),
      );
      const handle = async (): Promise<void> => {
        throw new Error('closed');
      };
      await consuming(world, [reader(kafkaTopic, handle)], async ([consumption]) => {
        assert.equal(await totalLag(consumption!), 300n);
      });
    },
  },
  {
    name: 'reports how an existing kafkaTopic differs, and alters nothing',
    async run({ transport }) {
      const kafkaTopic = freshName('kept');
      const found = { 'retention.ms': '86400000', 'max.message.bytes': '500000' };
      await transport.ensureTopics([{ kafkaTopic, partitions: 2, replicationFactor: 1, config: found }]);
      const asked = { 'retention.ms': '172800000', 'max.message.bytes': '1000000' };
      const { created, findings } = await transport.ensureTopics([
        { kafkaTopic, partitions: 4, replicationFactor: 1, config: asked },
      ]);
      assert.deepEqual(created, []);
      assert.ok(findings.every((finding) => finding.kafkaTopic === kafkaTopic));
      const said = findings.map(({ finding }) => finding).join('\n');
      assert.equal(findings.length, 3, said);
      for (const part of ['2 partitions', '4 were asked', '86400000', '172800000', 'max.message.bytes is 500000']) {
        assert.ok(said.includes(part), `${part} is not in: ${said}`);
      }
      const [description] = await transport.describeTopics([kafkaTopic]);
      assert.equal(description?.partitions, 2);
      const enough = { kafkaTopic, partitions: 1, replicationFactor: 1, config: { 'max.message.bytes': '400000' } };
      assert.deepEqual(await transport.ensureTopics([enough]), { created: [], findings: [] });
    },
  },
  {
    name: 'answers a ping',
    async run({ transport }) {
      await transport.ping(5_000);
    },
  },
];
