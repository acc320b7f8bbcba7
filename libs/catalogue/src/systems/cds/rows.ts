import { event, type EventDefinition, type FieldPaths, type Outcome, type PayloadClass } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import type { CdsPayload } from './payloads.js';

/** What the events of one kind have in common. */
interface Family<P extends CdsPayload> {
  /** Names the kafkaTopic. */
  readonly family: string;
  /** "a repository" */
  readonly title: string;
  readonly payload: PayloadClass<P>;
  /** Which fields tell the entity among all of the installation's. */
  readonly subject: FieldPaths;
  /** How people call the entity, where that is not its address. */
  readonly name?: FieldPaths;
  readonly example: P;
}

/** What happened, in the words that follow the entity's name; it succeeded unless told otherwise. */
type Row<P extends CdsPayload> = string | StatusRow<P>;

interface StatusRow<P extends CdsPayload> {
  readonly says: string;
  readonly outcome: EventDefinition<P>['outcome'];
  /** The status that an event of this type usually has. */
  readonly status: string;
}

const SCOPES = { project: 'project_key' } as const;

/** The rows of one family, by type. */
export function familyRows<P extends CdsPayload, const Types extends Readonly<Record<string, Row<P>>>>(
  family: Family<P>,
  types: Types,
): { [Type in keyof Types]: EventDefinition<P> } {
  const rows = Object.entries<Row<P>>(types).map(([type, row]) => {
    return [type, typeof row === 'string' ? familyRow(family, row, 'succeeded') : statusRow(family, row)] as const;
  });
  return Object.fromEntries(rows) as { [Type in keyof Types]: EventDefinition<P> };
}

function statusRow<P extends CdsPayload>(family: Family<P>, { says, outcome, status }: StatusRow<P>) {
  return familyRow({ ...family, example: { ...family.example, status } }, says, outcome);
}

function familyRow<P extends CdsPayload>(
  family: Family<P>,
  says: string,
  outcome: EventDefinition<P>['outcome'],
): EventDefinition<P> {
  const readName = fieldReader(family.name ?? family.subject);
  const isOfProject = 'project_key' in family.example;
  return event({
    summary: `${capitalised(family.title)} ${says}`,
    version: 1,
    groups: [family.family],
    subject: family.subject,
    scopes: isOfProject ? SCOPES : {},
    outcome,
    message: (payload) => sentence(family.title, textOf(readName(payload)), says, payload),
    payload: family.payload,
    example: family.example,
  });
}

const readStatus = fieldReader('status');
const readProject = fieldReader('project_key');
const readUser = fieldReader('username');

/** "Run build #2.1 ended (Fail) in project GENOME by bruno." */
function sentence(title: string, name: string | undefined, says: string, payload: object): string {
  const status = textOf(readStatus(payload));
  const project = textOf(readProject(payload));
  const user = textOf(readUser(payload));
  const words = [
    capitalised(title.replace(/^an? /, '')),
    name,
    says,
    // "is building (Building)" would say it twice.
    status === undefined || says.includes(status.toLowerCase()) ? undefined : `(${status})`,
    project === undefined || project === name ? undefined : `in project ${project}`,
    user === undefined || user === name ? undefined : `by ${user}`,
  ];
  return `${words.filter((word) => word !== undefined).join(' ')}.`;
}

function capitalised(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** How CDS's statuses of runs, jobs and analyses end. */
const OUTCOMES_OF_STATUS: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ['Crafting', 'scheduled'],
  ['Blocked', 'scheduled'],
  ['Waiting', 'scheduled'],
  ['Scheduling', 'scheduled'],
  ['Building', 'in_progress'],
  ['InProgress', 'in_progress'],
  ['Success', 'succeeded'],
  ['Fail', 'failed'],
  ['Error', 'failed'],
  ['Stopped', 'cancelled'],
  ['Cancelled', 'cancelled'],
  ['Skipped', 'cancelled'],
]);

/** The outcome that the payload's status tells, or the one of the type's name where it tells none. */
export function byStatus(otherwise?: Outcome): { of(payload: object): Outcome | undefined } {
  return { of: (payload) => OUTCOMES_OF_STATUS.get(textOf(readStatus(payload)) ?? '') ?? otherwise };
}
