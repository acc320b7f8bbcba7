import { parseTime, SITE_PATTERN } from '@tidings/catalogue';
import { z } from 'zod';

const SITE =
  'must be 1 to 63 lower-case letters, digits, dots, dashes or underscores, beginning and ending with a letter or digit';
const text = (problem = 'must be text that is not empty') => z.string(problem).min(1, problem);
const whole = (least: number, most: number) => {
  const problem = `must be a whole number from ${least} to ${most}`;
  return z.int(problem).min(least, problem).max(most, problem);
};
const site = z.string(SITE).regex(new RegExp(SITE_PATTERN), SITE);
const pem = text().regex(/-----BEGIN [A-Z0-9 ]+-----/, 'must be in PEM format; {file: path} reads it from a file');
const SECRET = 'must be 20 to 200 letters, digits, dashes or underscores: `openssl rand -hex 24` makes such a secret';
const secret = z.string(SECRET).regex(/^[A-Za-z0-9_-]{20,200}$/, SECRET);

const address = (protocols: readonly string[]) => {
  const problem = `must be an address that begins with ${protocols.map((one) => `${one}//`).join(' or ')}, without a user, a query or a fragment`;
  return z.string(problem).refine((value) => isAddress(value, protocols), problem);
};

/** What every connector is told. */
const common = {
  name: site,
  /** Of the events' source, `/<system>/<site>`; the connector's name unless told otherwise. */
  site: site.optional(),
};

/** Who may call a hook, beside whoever knows its secret path. */
const guarded = {
  secret,
  header: z
    .strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header: letters, digits and dashes')
        .transform((name) => name.toLowerCase()),
      value: text().min(8, 'must have at least 8 characters'),
    })
    .optional(),
};

const WHSEC = 'must be a secret of Standard Webhooks: whsec_ and base64';

const lxd = z.strictObject({
  kind: z.literal('lxd'),
  ...common,
  socket: text('must be the path of a unix socket').optional(),
  url: address(['https:', 'http:']).optional(),
  client_certificate: pem.optional(),
  client_key: pem.optional(),
  server_certificate: pem.optional(),
  ca: pem.optional(),
});

const waldurPoller = z.strictObject({
  kind: z.literal('waldur-poller'),
  ...common,
  url: address(['https:', 'http:']),
  token: text().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
  /** From when on events are wanted, where nothing is remembered yet. */
  since: text('must be an RFC 3339 date-time with a zone, or now')
    .refine(
      (value) => value === 'now' || parseTime(value) !== undefined,
      'must be an RFC 3339 date-time with a zone, or now',
    )
    .default('now'),
  interval_seconds: whole(1, 86_400).default(10),
  /** How far back a poll looks once more: what was committed late is found in it. */
  overlap_seconds: whole(1, 3_600).default(60),
  page_size: whole(1, 300).default(300),
  event_types: z.array(text(), 'must be a list of event types').min(1).optional(),
  features: z.array(text(), 'must be a list of event groups').min(1).optional(),
  ca: pem.optional(),
});

const cdsStream = z.strictObject({
  kind: z.literal('cds-stream'),
  ...common,
  url: address(['https:', 'http:']),
  token: text().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
  /** As CDS's own console sends them. */
  filters: z
    .array(
      z.looseObject({ type: text() }, 'must be an object with a type, such as {type: global}'),
      'must be a list of filters',
    )
    .min(1, 'must have at least one filter, such as {type: global}'),
  ca: pem.optional(),
});

const waldurHook = z.strictObject({ kind: z.literal('waldur-hook'), ...common, ...guarded });
const cdsHook = z.strictObject({ kind: z.literal('cds-hook'), ...common, ...guarded });
const ibmHook = z.strictObject({
  kind: z.literal('ibm-hook'),
  ...common,
  ...guarded,
  /** Where the sender signs as Standard Webhooks says, as a Tidings does. */
  signing_secret: z
    .string(WHSEC)
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, WHSEC)
    .optional(),
});

/** Every kind of connector with its settings; adding one begins here. */
export const CONNECTOR_KINDS = {
  lxd,
  'waldur-hook': waldurHook,
  'waldur-poller': waldurPoller,
  'cds-hook': cdsHook,
  'cds-stream': cdsStream,
  'ibm-hook': ibmHook,
} as const;

export type ConnectorKind = keyof typeof CONNECTOR_KINDS;
export type ConnectorSettings = z.infer<(typeof CONNECTOR_KINDS)[ConnectorKind]>;
export type SettingsOf<K extends ConnectorKind> = z.infer<(typeof CONNECTOR_KINDS)[K]>;

/** Those that take what is posted to them. */
export type HookSettings = SettingsOf<'waldur-hook' | 'cds-hook' | 'ibm-hook'>;
/** Those that go and get. */
export type RunningSettings = Exclude<ConnectorSettings, HookSettings>;

export function isHook(settings: ConnectorSettings): settings is HookSettings {
  return settings.kind.endsWith('-hook');
}

/** Which system's events a connector brings. */
export function systemOf({ kind }: Pick<ConnectorSettings, 'kind'>): string {
  return kind.split('-')[0] ?? kind;
}

export function siteOfConnector({ site: given, name }: Pick<ConnectorSettings, 'site' | 'name'>): string {
  return given ?? name;
}

function isAddress(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return protocols.includes(protocol) && username + password + search + hash === '';
}
