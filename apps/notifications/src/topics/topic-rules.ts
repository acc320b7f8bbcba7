import { randomUUID } from 'node:crypto';
import type { RuleDraft } from './topic.dto.js';
import type { StoredRule } from './topic.repository.js';

/**
 * The rules of a source as they will be. A rule that was there, by its id or because it says the same, keeps its id; and,
 * where it is not changed, the time of its change, too.
 */
export function mergedRules(
  sourceId: string,
  drafts: readonly RuleDraft[],
  former: readonly StoredRule[],
): readonly StoredRule[] {
  const left = former.filter(({ source_id }) => source_id === sourceId);
  const take = (fits: (rule: StoredRule) => boolean): StoredRule | undefined => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  return drafts.map((draft): StoredRule => {
    const kept = take(({ id }) => id === draft.id) ?? take((rule) => saysTheSame(rule, draft));
    if (kept !== undefined && saysTheSame(kept, draft)) return kept;
    return {
      id: kept?.id ?? randomUUID(),
      source_id: sourceId,
      enabled: draft.enabled,
      event_type_filter: draft.event_type_filter,
      notification_filter: draft.notification_filter,
      updated_at: new Date(),
    };
  });
}

function saysTheSame(rule: StoredRule, draft: RuleDraft): boolean {
  return (
    rule.enabled === draft.enabled &&
    rule.event_type_filter === draft.event_type_filter &&
    rule.notification_filter === draft.notification_filter
  );
}
