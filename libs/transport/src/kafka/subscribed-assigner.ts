import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { rootOf } from './kafka-failure.js';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/**
 * Shares partitions among the members that subscribed to them, evenly by number. kafkajs's own assigner deals out what
 * the leader knows to every member: one that has not seen a new kafkaTopic yet throws its share away, and what only the
 * others know stays unread.
 */
export const subscribedAssigner: PartitionAssigner = ({ cluster }) => ({
  name: 'TidingsSubscribedAssigner',
  version: 0,

  async assign({ members }) {
    const subscribers = new Map<string, string[]>();
    const shares = new Map<string, Map<string, number[]>>();
    const loads = new Map<string, number>();
    for (const { memberId, memberMetadata } of members) {
      shares.set(memberId, new Map());
      loads.set(memberId, 0);
      for (const topic of MemberMetadata.decode(memberMetadata)?.topics ?? []) {
        const those = subscribers.get(topic);
        if (those === undefined) subscribers.set(topic, [memberId]);
        else those.push(memberId);
      }
    }
    // Those with the fewest subscribers first: who else could take them is free to take the others.
    const scarce = [...subscribers].sort(([a, x], [b, y]) => x.length - y.length || (a < b ? -1 : 1));
    for (const [topic, able] of scarce) {
      able.sort();
      for (const partition of await partitionsOf(cluster, topic)) {
        const member = able.reduce((least, one) => ((loads.get(one) ?? 0) < (loads.get(least) ?? 0) ? one : least));
        const share = shares.get(member) ?? new Map<string, number[]>();
        share.set(topic, [...(share.get(topic) ?? []), partition]);
        loads.set(member, (loads.get(member) ?? 0) + 1);
      }
    }
    return [...shares].map(([memberId, share]) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({
        version: 0,
        assignment: Object.fromEntries(share),
        userData: Buffer.alloc(0),
      }),
    }));
  },

  protocol({ topics }) {
    return {
      name: 'TidingsSubscribedAssigner',
      metadata: MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    };
  },
});

type Cluster = Parameters<PartitionAssigner>[0]['cluster'];

async function partitionsOf(cluster: Cluster, topic: string): Promise<number[]> {
  try {
    // The leader need not have subscribed to it.
    await cluster.addTargetTopic(topic);
  } catch (error) {
    // Deleted, or hidden from this account: nobody's. Any other failure must not leave partitions unread in silence.
    const { type } = rootOf(error);
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'TOPIC_AUTHORIZATION_FAILED') return [];
    throw error;
  }
  return cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
}
