import { AffectedUserContext, UserContext, WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalAmount, OptionalId, OptionalText } from '../field-rules.js';
import { AFFECTED_MEMBER, MEMBER, OFFERING, STAFF } from './people.js';

/** Nobody is logged in yet, so there is a name that was tried, but no user. */
export class FailedLoginContext extends WaldurContext {
  @OptionalText()
  username?: string | null;
}

export class FreeipaProfileContext extends UserContext {
  /** In FreeIPA. */
  @OptionalText()
  username?: string | null;
}

export class SshKeyContext extends WaldurContext {
  @Id()
  ssh_key_uuid!: string;

  @OptionalText()
  ssh_key_name?: string | null;

  @OptionalText()
  ssh_key_type?: string | null;

  @OptionalText()
  ssh_key_fingerprint_md5?: string | null;

  @OptionalText()
  ssh_key_fingerprint_sha256?: string | null;

  @OptionalText()
  ssh_key_fingerprint_sha512?: string | null;
}

/** A user's account at an offering, which has no id of its own in the event; the user is the account's owner. */
export class OfferingUserContext extends WaldurContext {
  @Id()
  offering_uuid!: string;

  @OptionalText()
  offering_name?: string | null;

  @OptionalText()
  offering_user_username?: string | null;
}

/** A user's role in a customer, a project, an offering, a call or a proposal: older versions say which by its own keys. */
export class RoleContext extends AffectedUserContext {
  @OptionalText()
  role_name?: string | null;

  @OptionalText()
  structure_type?: string | null;

  @OptionalText()
  scope_type?: string | null;

  @OptionalId()
  scope_uuid?: string | null;

  @OptionalText()
  scope_name?: string | null;
}

export class ConsentContext extends UserContext {
  @Id()
  offering_uuid!: string;

  @OptionalText()
  offering_name?: string | null;

  @OptionalId()
  consent_uuid?: string | null;

  @OptionalText()
  consent_agreement_date?: string | null;

  /** Of the terms. */
  @OptionalAmount()
  version?: number | string | null;
}

const session = family({
  entity: 'A user',
  groups: ['auth'],
  subject: ['context.user_uuid'],
  names: ['context.user_username', 'context.user_full_name'],
  context: UserContext,
  example: { ...MEMBER, auth_method: 'default' },
});

const saml2Session = family({
  entity: 'A user',
  groups: ['users'],
  subject: ['context.user_uuid'],
  names: ['context.user_username', 'context.user_full_name'],
  context: UserContext,
  example: { ...MEMBER, auth_method: 'saml2' },
});

const failedLogin = family({
  entity: 'A user',
  groups: ['auth'],
  subject: ['context.user_uuid', 'context.username'],
  names: ['context.username', 'context.user_username'],
  context: FailedLoginContext,
  example: { username: 'aino', ip_address: '198.51.100.23' },
});

const tokenHolder = family({
  entity: 'A user',
  groups: ['auth'],
  subject: ['context.affected_user_uuid'],
  names: ['context.affected_user_username', 'context.affected_user_full_name'],
  context: AffectedUserContext,
  example: { ...MEMBER, ...AFFECTED_MEMBER, affected_user_token_lifetime: '3600' },
});

const user = family({
  entity: 'A user',
  groups: ['users'],
  subject: ['context.affected_user_uuid'],
  names: ['context.affected_user_username', 'context.affected_user_full_name'],
  context: AffectedUserContext,
  example: { ...STAFF, ...AFFECTED_MEMBER },
});

const freeipaProfile = family({
  entity: 'A FreeIPA profile',
  groups: ['users'],
  subject: ['context.user_uuid'],
  names: ['context.username', 'context.user_username'],
  context: FreeipaProfileContext,
  example: { ...MEMBER, username: 'ut_aino' },
});

const sshKey = family({
  entity: 'An SSH key',
  groups: ['ssh', 'users'],
  subject: ['context.ssh_key_uuid'],
  names: ['context.ssh_key_name'],
  context: SshKeyContext,
  example: {
    ...MEMBER,
    ssh_key_uuid: '77ca4499e07c4579be7fb97bfcc1c0c8',
    ssh_key_name: 'laptop',
    ssh_key_type: 'ssh-ed25519',
  },
});

const offeringUser = family({
  entity: 'A user account at an offering',
  groups: ['users'],
  subject: ['{context.offering_uuid}/{context.user_uuid}', 'context.offering_uuid'],
  names: ['context.offering_user_username', 'context.user_username'],
  context: OfferingUserContext,
  example: { ...MEMBER, ...OFFERING, offering_user_username: 'ut_aino' },
});

const role = family({
  entity: 'A role of a user',
  groups: ['permissions'],
  subject: ['context.affected_user_uuid'],
  names: ['{context.role_name} of {context.affected_user_username}', 'context.role_name'],
  context: RoleContext,
  example: {
    ...STAFF,
    ...AFFECTED_MEMBER,
    role_name: 'PROJECT.MANAGER',
    scope_type: 'project',
    scope_uuid: '59ba1b0d5c904158a909406c2e416788',
    scope_name: 'Genome pipeline',
    customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9',
    customer_name: 'University of Tartu',
  },
});

const consent = family({
  entity: "Consent to an offering's terms of service",
  groups: ['terms_of_service'],
  subject: ['{context.offering_uuid}/{context.user_uuid}', 'context.offering_uuid'],
  names: ['{context.offering_name}, {context.user_username}', 'context.offering_name'],
  context: ConsentContext,
  example: { ...MEMBER, ...OFFERING, consent_uuid: '8d0f3b6c5a7e4f1c9b2d6e8a0c4f7b13', version: '2.1' },
});

export const identityEvents = {
  auth_logged_in_with_username: session('logged in with username and password'),
  auth_logged_out: session('logged out'),
  auth_login_failed_with_username: failedLogin('could not log in with username and password', 'failed'),
  token_created: tokenHolder('got a new API token'),
  token_lifetime_updated: tokenHolder('got another lifetime of API tokens'),

  auth_logged_in_with_saml2: saml2Session('logged in through SAML 2'),
  auth_logged_out_with_saml2: saml2Session('logged out through SAML 2'),

  user_activated: user('was activated'),
  user_creation_succeeded: user('was created'),
  user_deactivated: user('was deactivated'),
  user_deletion_succeeded: user('was deleted'),
  user_details_update_succeeded: user('got other details from the identity provider'),
  user_has_been_created_by_staff: user('was created by staff'),
  user_password_updated: user('got another password'),
  user_password_updated_by_staff: user('got another password from staff'),
  user_update_succeeded: user('was updated'),

  freeipa_profile_created: freeipaProfile('was created'),
  freeipa_profile_deleted: freeipaProfile('was deleted'),
  freeipa_profile_disabled: freeipaProfile('was disabled'),
  freeipa_profile_enabled: freeipaProfile('was enabled'),

  ssh_key_creation_succeeded: sshKey('was added'),
  ssh_key_deletion_succeeded: sshKey('was removed'),

  marketplace_offering_user_created: offeringUser('was created'),
  marketplace_offering_user_deleted: offeringUser('was deleted'),
  marketplace_offering_user_restriction_updated: offeringUser('was restricted, or is no longer'),

  role_granted: role('was granted'),
  role_revoked: role('was revoked'),
  role_updated: role('got another expiry'),

  terms_of_service_consent_granted: consent('was granted'),
  terms_of_service_consent_revoked: consent('was revoked'),
};
