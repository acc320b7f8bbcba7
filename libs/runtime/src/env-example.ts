import { VARIABLE_GROUPS, VARIABLES } from './variables.js';

const HEADER = `# All settings, each of them optional. Copy this file to .env, or set variables in the environment, which wins.
`;

/** Renders `.env.example`: every variable with its description, commented out with its default. */
export function renderEnvExample(): string {
  const specs = new Map(Object.entries(VARIABLES));
  const groups = VARIABLE_GROUPS.map(({ title, names }) => {
    const lines = names.map((name) => {
      const spec = specs.get(name);
      const fallback = spec?.default;
      return `# ${spec?.desc ?? ''}\n#${name}=${typeof fallback === 'object' ? '' : (fallback ?? '')}\n`;
    });
    return `\n## ${title}\n\n${lines.join('\n')}`;
  });
  return HEADER + groups.join('');
}
