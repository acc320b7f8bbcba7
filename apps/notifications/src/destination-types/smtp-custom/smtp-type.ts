import type { DestinationType } from '../destination-type.js';
import { readSmtpAttributes, viewSmtpAttributes } from './smtp-attributes.js';
import { readSmtpConfig, viewSmtpConfig } from './smtp-config.js';
import { SMTP_CONNECTIONS, SmtpDestination } from './smtp-destination.js';

/** E-mail, handed to a mail server that the admin names, from a domain of its own. */
export const smtpCustom: DestinationType = {
  name: 'smtp_custom',
  templateTypes: {
    template_id_notification: ['smtp_custom.notification'],
    // Kept for IBM's clients: whom an admin invites is subscribed at once, so that nobody is sent an invitation.
    template_id_invitation: ['smtp_custom.invitation'],
  },
  templateEscaping: 'html',
  connections: SMTP_CONNECTIONS,
  readConfig: readSmtpConfig,
  viewConfig: viewSmtpConfig,
  readAttributes: readSmtpAttributes,
  viewAttributes: viewSmtpAttributes,
  open: (opening) => new SmtpDestination(opening),
};
