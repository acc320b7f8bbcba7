import { cruise } from 'dependency-cruiser';
import { importRules, roomsIn } from './import-rules.mjs';
import { GUARDED_PACKAGES, ROOMS } from './import-table.mjs';

const roomOf = (path) => ROOMS.find(({ folder }) => path.startsWith(`${folder}/`));

/** The packages that the table speaks of for a room: the guarded ones, and its own. */
const packagesOfTable = ({ packages }) => [...new Set([...GUARDED_PACKAGES, ...(packages === '*' ? [] : packages)])];

function packageOf(path, known) {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/|$)/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return known.find((entry) => (entry.endsWith('/') ? name.startsWith(entry) : entry === name));
}

function importsOf(room, modules) {
  const reached = modules
    .filter(({ source }) => source.startsWith(`${room.folder}/`))
    .flatMap(({ dependencies }) => dependencies.map(({ resolved }) => resolved));
  const rooms = new Set(reached.map(roomOf));
  const packages = new Set(reached.map((path) => packageOf(path, packagesOfTable(room))));
  return {
    room,
    rooms: ROOMS.filter((other) => other !== room && rooms.has(other)).map(({ name }) => name),
    packages: packagesOfTable(room).filter((entry) => packages.has(entry)),
  };
}

/**
 * Reads the imports of a whole project and holds them against the rules.
 *
 * @param {string} root The project's folder, absolute.
 * @returns {Promise<import('./import-survey.mjs').Survey>}
 */
export async function survey(root) {
  const { options, forbidden } = importRules(root);
  const rooms = roomsIn(root);
  const { output } = await cruise(
    rooms.map(({ folder }) => folder),
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden } },
    options.enhancedResolveOptions,
  );
  return {
    modules: output.summary.totalCruised,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    imports: rooms.map((room) => importsOf(room, output.modules)),
  };
}

/**
 * What a row of the table allows, in words, as docs/ARCHITECTURE.md says it.
 *
 * @param {import('./import-table.mjs').Room} room
 */
export function allowance({ rooms, packages, storagePackages = [] }) {
  if (rooms === '*') return 'anything';
  const always = [...rooms, ...packages].join(', ');
  const inStorage = storagePackages.length === 0 ? '' : `in its storage files: ${storagePackages.join(', ')}`;
  return [always, inStorage].filter((part) => part !== '').join('; ') || '–';
}
