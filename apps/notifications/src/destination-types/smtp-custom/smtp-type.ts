import type { DestinationType } from '../destination-type.js';
import { readSmtpAttributes, viewSmtpAttributes } from './smtp-attributes.js';
import { readSmtpConfig, viewSmtpConfig } from './smtp-config.js';
import { SmtpDestination } from './smtp-destination.js';

/** E-mail, handed to a mail server that the admin names, from a domain of its own. */
export const smtpCustom: DestinationType = {
  name: 'smtp_custom',
  templateType: 'smtp_custom.notification',
  templateEscaping: 'html',
  readConfig: readSmtpConfig,
  viewConfig: viewSmtpConfig,
  readAttributes: readSmtpAttributes,
  viewAttributes: viewSmtpAttributes,
  open: (opening) => new SmtpDestination(opening),
};
