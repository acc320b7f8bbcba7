import handlebars from 'handlebars';

/** The longest template, characters. */
export const MAX_TEMPLATE = 65_536;

/** @returns why a text is no template, with the line; undefined: it is one. Nothing of it is run. */
export function templateProblem(source: string): string | undefined {
  if (source.length > MAX_TEMPLATE) return `must not be longer than ${MAX_TEMPLATE} characters`;
  try {
    handlebars.parse(source);
    return undefined;
  } catch (error) {
    return `is no Handlebars template: ${error instanceof Error ? error.message : String(error)}`;
  }
}
