import type { MemoryLog, MemoryPartition } from './memory-log.js';

/** What the group keeps of one partition. */
export interface GroupPartition {
  readonly source: MemoryPartition;
  /** The next offset to read. */
  position: number;
  /** Somebody has a batch of it in hand. */
  busy: boolean;
}

export interface GroupMember {
  readonly matches: (kafkaTopic: string) => boolean;
  /** Its share has changed, or there may be something to read. */
  look(): void;
}

/** A consumer group of the in-memory driver: positions, members, and who reads what. */
export class MemoryGroup {
  private readonly partitions = new Map<MemoryPartition, GroupPartition>();
  private readonly members: GroupMember[] = [];

  constructor(private readonly log: MemoryLog) {}

  join(member: GroupMember): void {
    this.members.push(member);
    this.tell();
  }

  leave(member: GroupMember): void {
    const at = this.members.indexOf(member);
    if (at >= 0) this.members.splice(at, 1);
    this.tell();
  }

  /** The member's share: of every kafkaTopic that it matches, every nth partition among those who match it too. */
  shareOf(member: GroupMember): readonly GroupPartition[] {
    return this.matching(member.matches).filter(({ source }, index) => {
      const able = this.members.filter((one) => one.matches(source.kafkaTopic));
      return able[index % able.length] === member;
    });
  }

  /** Every partition of the kafkaTopics that match. */
  matching(matches: (kafkaTopic: string) => boolean): readonly GroupPartition[] {
    const sources = this.log.names().filter(matches).sort();
    return sources.flatMap((kafkaTopic) => this.log.partitions(kafkaTopic)).map((source) => this.partition(source));
  }

  /** Something that members may have waited for has happened. */
  tell(): void {
    for (const member of this.members) member.look();
  }

  private partition(source: MemoryPartition): GroupPartition {
    let partition = this.partitions.get(source);
    if (partition === undefined) {
      partition = { source, position: 0, busy: false };
      this.partitions.set(source, partition);
    }
    return partition;
  }
}
