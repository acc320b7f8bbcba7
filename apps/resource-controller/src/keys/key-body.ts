import { IsString, Matches } from 'class-validator';
import { MayBeMissing, NAME, NAME_RULE } from '../api/resource-body.js';

/** A key that is asked for. */
export class KeyDraft {
  @Matches(NAME, { message: NAME_RULE })
  name!: string;

  /** The instance. */
  @IsString({ message: 'must be the guid or CRN of an instance' })
  source!: string;

  /** What the broker knows; Reader without it. */
  @MayBeMissing()
  @Matches(/^[A-Za-z][A-Za-z0-9 ]{0,39}$/, { message: 'must be the name of a role, as Reader' })
  role?: string;
}
