import { WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalId, OptionalText } from '../field-rules.js';
import { MEMBER } from './people.js';

export class CallContext extends WaldurContext {
  @Id()
  call_uuid!: string;

  @OptionalText()
  call_name?: string | null;
}

export class ProposalContext extends WaldurContext {
  @Id()
  proposal_uuid!: string;

  @OptionalText()
  proposal_name?: string | null;
}

/** Waldur cannot spell out a review, so what it sends is the name of the row in its database. */
export class ReviewContext extends WaldurContext {
  @OptionalText()
  review?: string | null;

  @OptionalId()
  review_uuid?: string | null;
}

const call = family({
  entity: 'A call for proposals',
  groups: ['call'],
  subject: ['context.call_uuid'],
  names: ['context.call_name'],
  context: CallContext,
  example: { ...MEMBER, call_uuid: '8e0a2c4e6f1b4d3c9a5e7f9b1d3c5e78', call_name: 'Spring 2027' },
});

const proposal = family({
  entity: 'A proposal',
  groups: ['proposal'],
  subject: ['context.proposal_uuid'],
  names: ['context.proposal_name'],
  context: ProposalContext,
  example: { ...MEMBER, proposal_uuid: '2c4e6a8b0d1f4e3a8c5b7d9f1e3a5c70', proposal_name: 'Ice cores at depth' },
});

const review = family({
  entity: 'A review of a proposal',
  groups: ['review'],
  subject: ['context.review_uuid', 'context.review'],
  names: ['context.review', 'context.review_uuid'],
  context: ReviewContext,
  example: { review: 'Review object (12)' },
});

export const callEvents = {
  call_document_added: call('got another document'),
  call_document_removed: call('lost a document'),

  proposal_canceled: proposal('was cancelled, because its round has ended', 'cancelled'),
  proposal_document_added: proposal('got another document'),
  proposal_document_removed: proposal('lost a document'),

  review_canceled: review('was cancelled, because its time is over', 'cancelled'),
};
