import { Id, OptionalId, OptionalText } from './field-rules.js';

/**
 * What any context may say of the request that led to the event and of whom it belongs to. Events of Waldur's own
 * schedule have no request, so nothing of it is ever required. The classes below differ in which id is always sent; they
 * all name the ids by which Waldur's clients filter.
 */
class ContextNames {
  @OptionalText()
  ip_address?: string | null;

  @OptionalText()
  auth_method?: string | null;

  @OptionalId()
  pat_uuid?: string | null;

  @OptionalText()
  pat_name?: string | null;

  @OptionalText()
  user_username?: string | null;

  @OptionalText()
  user_full_name?: string | null;

  @OptionalText()
  user_native_name?: string | null;

  @OptionalText()
  affected_user_username?: string | null;

  @OptionalText()
  affected_user_full_name?: string | null;

  @OptionalText()
  affected_user_native_name?: string | null;

  @OptionalText()
  customer_name?: string | null;

  @OptionalText()
  customer_abbreviation?: string | null;

  @OptionalText()
  project_name?: string | null;
}

/** No id is always there, or only one that the subclass names. */
export class WaldurContext extends ContextNames {
  @OptionalId()
  customer_uuid?: string | null;

  @OptionalId()
  project_uuid?: string | null;

  @OptionalId()
  user_uuid?: string | null;

  @OptionalId()
  affected_user_uuid?: string | null;
}

/** Of a customer: the organisation that pays. */
export class CustomerContext extends ContextNames {
  @Id()
  customer_uuid!: string;

  @OptionalId()
  project_uuid?: string | null;

  @OptionalId()
  user_uuid?: string | null;

  @OptionalId()
  affected_user_uuid?: string | null;
}

/** Of a project. Its customer is missing where both are deleted together. */
export class ProjectContext extends ContextNames {
  @OptionalId()
  customer_uuid?: string | null;

  @Id()
  project_uuid!: string;

  @OptionalId()
  user_uuid?: string | null;

  @OptionalId()
  affected_user_uuid?: string | null;

  @OptionalText()
  project_end_date?: string | null;
}

/** Of what a user did in his own name: the event puts him into the context, whatever the request says. */
export class UserContext extends ContextNames {
  @OptionalId()
  customer_uuid?: string | null;

  @OptionalId()
  project_uuid?: string | null;

  @Id()
  user_uuid!: string;

  @OptionalId()
  affected_user_uuid?: string | null;
}

/** Of what happened to a user; `user_uuid` is who did it, if anybody. */
export class AffectedUserContext extends ContextNames {
  @OptionalId()
  customer_uuid?: string | null;

  @OptionalId()
  project_uuid?: string | null;

  @OptionalId()
  user_uuid?: string | null;

  @Id()
  affected_user_uuid!: string;

  @OptionalText()
  affected_user_token_lifetime?: string | null;
}
