/** The account that there is from the start, as long as no other is named. */
export const DEFAULT_ACCOUNT = '6f0c2f7f9a5b4f1e9a3d5c7e8b1a2d4c';
/** Its group: an instance goes there unless it is told otherwise. */
export const DEFAULT_GROUP = '1d701675103549ffb3566cf09f00a0fb';
export const DEFAULT_REGION = 'us-south';

/** Who these events are of: the CloudEvents source. */
export const SOURCE = '/ibm/main';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** `crn:v1:<cloud>:<public>:<service>:<region>:a/<account>:<instance>:<kind>:<resource>` */
const CRN_PARTS = 10;

export function groupCrn(account: string, id: string): string {
  return `crn:v1:tidings:public:resource-controller::a/${account}::resource-group:${id}`;
}

export function instanceCrn(service: string, region: string, account: string, guid: string): string {
  return `crn:v1:tidings:public:${service}:${region}:a/${account}:${guid}::`;
}

export function keyCrn(instance: string, guid: string): string {
  return instance.replace(/::$/, `:resource-key:${guid}`);
}

/** The guid that a path or a body means: it may bring a CRN instead. @returns undefined where it is neither */
export function guidNamed(id: string): string | undefined {
  if (UUID.test(id)) return id.toLowerCase();
  const parts = id.split(':');
  if (parts[0] !== 'crn' || parts.length !== CRN_PARTS) return undefined;
  const guid = parts[9] === '' ? parts[7] : parts[9];
  return guid !== undefined && UUID.test(guid) ? guid.toLowerCase() : undefined;
}
