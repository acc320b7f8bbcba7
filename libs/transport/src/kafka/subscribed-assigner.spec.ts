import { AssignerProtocol, type Cluster, type GroupMember } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { subscribedAssigner } from './subscribed-assigner.js';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

function member(memberId: string, ...topics: string[]): GroupMember {
  const userData = Buffer.alloc(0);
  return { memberId, memberMetadata: MemberMetadata.encode({ version: 0, topics, userData }) };
}

/** A cluster of kafkaTopics with as many partitions as told; kafkajs's interface, the part that assigners use. */
async function assign(topics: Readonly<Record<string, number>>, members: GroupMember[]) {
  const known = new Set<string>();
  const cluster = {
    addTargetTopic: async (topic: string) => {
      if (topic === 'cut off') throw new Error('Connection closed');
      if (topics[topic] === undefined) throw Object.assign(new Error(), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
      known.add(topic);
    },
    findTopicPartitionMetadata: (topic: string) =>
      known.has(topic) ? Array.from({ length: topics[topic] ?? 0 }, (_, partitionId) => ({ partitionId })) : [],
  };
  const logger = undefined as never;
  const assigner = subscribedAssigner({ cluster: cluster as unknown as Cluster, groupId: 'g', logger });
  const shares = await assigner.assign({ members, topics: Object.keys(topics) });
  return Object.fromEntries(
    shares.map(({ memberId, memberAssignment }) => [
      memberId,
      { ...MemberAssignment.decode(memberAssignment)?.assignment },
    ]),
  );
}

describe('how partitions are shared', () => {
  it('evenly, each one once', async () => {
    const shares = await assign({ t: 4, u: 3 }, [member('a', 't', 'u'), member('b', 't', 'u')]);
    expect(shares).toEqual({ a: { t: [0, 2], u: [0, 2] }, b: { t: [1, 3], u: [1] } });
  });

  it('among those who subscribed, also to what the leader does not know', async () => {
    const shares = await assign({ t: 2, u: 2 }, [member('leader', 't'), member('other', 't', 'u')]);
    expect(shares).toEqual({ leader: { t: [0, 1] }, other: { u: [0, 1] } });
  });

  it('with nothing for a member when there are more members than partitions', async () => {
    const shares = await assign({ t: 1 }, [member('a', 't'), member('b', 't')]);
    expect(shares).toEqual({ a: { t: [0] }, b: {} });
  });

  it('without a kafkaTopic that is gone', async () => {
    expect(await assign({ t: 1 }, [member('a', 'gone', 't')])).toEqual({ a: { t: [0] } });
  });

  it('not at all when the cluster cannot be asked, rather than leaving partitions to nobody', async () => {
    await expect(assign({ t: 1 }, [member('a', 'cut off', 't')])).rejects.toThrow('Connection closed');
  });
});
