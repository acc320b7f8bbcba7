import { WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalId, OptionalText } from '../field-rules.js';
import { MEMBER, PROJECT } from './people.js';

/** What is said of a support request, whether the event is about it or about something attached to it. */
class RequestContext extends WaldurContext {
  @OptionalText()
  issue_key?: string | null;

  @OptionalText()
  issue_type?: string | null;

  @OptionalText()
  issue_status?: string | null;

  @OptionalText()
  issue_link?: string | null;

  @OptionalText()
  issue_summary?: string | null;

  @OptionalId()
  caller_uuid?: string | null;

  @OptionalText()
  caller_username?: string | null;

  @OptionalText()
  caller_full_name?: string | null;

  @OptionalId()
  resource_uuid?: string | null;

  @OptionalText()
  resource_name?: string | null;
}

export class IssueContext extends RequestContext {
  @Id()
  issue_uuid!: string;
}

export class AttachmentContext extends RequestContext {
  @Id()
  attachment_uuid!: string;

  @OptionalText()
  attachment_backend_id?: string | null;

  @OptionalId()
  issue_uuid?: string | null;
}

const ISSUE = {
  ...MEMBER,
  ...PROJECT,
  issue_uuid: 'd4e6f8a0b2c44d6e8f1a3b5c7d9e1f36',
  issue_key: 'SD-118',
  issue_type: 'Incident',
  issue_status: 'Open',
  issue_summary: 'vm-02 does not stop',
  caller_uuid: MEMBER.user_uuid,
  caller_username: MEMBER.user_username,
  caller_full_name: MEMBER.user_full_name,
} as const;

const issue = family({
  entity: 'A support request',
  groups: ['support'],
  subject: ['context.issue_uuid'],
  names: ['context.issue_key', 'context.issue_summary'],
  context: IssueContext,
  example: ISSUE,
});

// Its request is the subject, so that all of one request is in order.
const attachment = family({
  entity: 'A file attached to a support request',
  groups: ['support'],
  subject: ['context.issue_uuid', 'context.attachment_uuid'],
  names: ['context.issue_key', 'context.issue_summary'],
  context: AttachmentContext,
  example: { ...ISSUE, attachment_uuid: '1a2b3c4d5e6f4a7b8c9d0e1f2a3b4c5d', attachment_backend_id: '10052' },
});

export const supportEvents = {
  issue_creation_succeeded: issue('was created'),
  issue_update_succeeded: issue('was updated'),
  issue_deletion_succeeded: issue('was deleted'),

  attachment_created: attachment('was added'),
  attachment_updated: attachment('was replaced'),
  attachment_deleted: attachment('was deleted'),
};
