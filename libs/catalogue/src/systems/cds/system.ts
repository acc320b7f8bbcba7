import { system } from '../../definition.js';
import { fieldReader, textOf } from '../../fields.js';
import { installationEvents } from './events/installation.js';
import { projectEvents } from './events/project.js';
import { runEvents } from './events/run.js';
import { TYPE_PREFIX, UNDECLARED_SUBJECT, cdsFormat } from './native.js';
import { byStatus } from './rows.js';

const events = { ...projectEvents, ...installationEvents, ...runEvents };

const readProject = fieldReader('project_key');

/** CDS, in the second version of its events. */
export const cds = system({
  name: 'cds',
  title: 'CDS',
  typePrefix: TYPE_PREFIX,
  scopeRoles: { project: 'project' },
  undeclared: {
    subject: UNDECLARED_SUBJECT,
    scopes: { project: 'project_key' },
    outcome: byStatus(),
    message: (data: object) => {
      const project = textOf(readProject(data));
      return `CDS says something of a kind that is not catalogued${project === undefined ? '' : `, in project ${project}`}.`;
    },
  },
  events,
  native: cdsFormat(events),
});
