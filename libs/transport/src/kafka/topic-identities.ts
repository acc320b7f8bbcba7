import type { KafkajsBroker } from './reading/kafkajs-internals.js';
import { topicIds } from './reading/topic-ids.js';

const ASKED_EVERY_MS = 2_000;

/**
 * Notices that a kafkaTopic was deleted and made anew under the name that it had. kafkajs asks for messages by name, and
 * would go on at the offset where it was: what the new one had before that offset would never be read.
 */
export class TopicIdentities {
  private readonly ids = new Map<string, string>();
  private askedAt = 0;
  private askedFor = '';

  /** @param beginAnew called for those that are not what they were; again, where it fails */
  async compare(
    broker: KafkajsBroker,
    kafkaTopics: readonly string[],
    beginAnew: (kafkaTopic: string) => Promise<void>,
  ): Promise<void> {
    const names = kafkaTopics.join();
    if (kafkaTopics.length === 0 || (names === this.askedFor && Date.now() - this.askedAt < ASKED_EVERY_MS)) return;
    this.askedAt = Date.now();
    this.askedFor = names;
    const found = await topicIds(broker, kafkaTopics).catch(() => undefined);
    for (const [kafkaTopic, id] of found ?? []) {
      const known = this.ids.get(kafkaTopic);
      if (known !== undefined && known !== id) await beginAnew(kafkaTopic);
      this.ids.set(kafkaTopic, id);
    }
  }
}
