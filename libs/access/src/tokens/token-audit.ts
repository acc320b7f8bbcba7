import type { Actor } from '../audit/audit-entry.js';
import { writeAudit } from '../audit/audit-log.js';
import type { StoredToken } from './stored-token.js';
import { tokenView } from './token-view.js';
import type { TokenTransaction } from './token.repository.js';

/** Writes down who changed a token. @param before undefined: it was made */
export async function auditToken(
  transaction: TokenTransaction,
  actor: Actor,
  action: string,
  before: StoredToken | undefined,
  after: StoredToken,
): Promise<void> {
  await writeAudit(transaction, {
    actor: { id: actor.id, name: actor.name },
    action,
    subject: `token:${after.id}`,
    before: before && tokenView(before),
    after: tokenView(after),
  });
}
