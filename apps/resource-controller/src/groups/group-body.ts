import { Matches } from 'class-validator';
import { MayBeMissing, NAME, NAME_RULE } from '../api/resource-body.js';

/** A resource group that is asked for. */
export class GroupDraft {
  @Matches(NAME, { message: NAME_RULE })
  name!: string;

  /** Whose; the account that is there from the start without it. */
  @MayBeMissing()
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be the id of an account: 32 hexadecimal digits' })
  account_id?: string;
}

/** What is to be another in a resource group. */
export class GroupChange {
  @Matches(NAME, { message: NAME_RULE })
  name!: string;
}
