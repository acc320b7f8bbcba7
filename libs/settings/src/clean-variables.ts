import { type CleanedEnv, cleanEnv } from 'envalid';
import { EnvironmentError } from './start-errors.js';
import { WrongValue } from './validators.js';

/**
 * Reads variables, each for itself. Empty values count as absent.
 * @param specs validators by the names of the variables
 * @throws {EnvironmentError} with one line for every variable that is wrong
 */
export function cleanVariables<Specs>(
  source: Readonly<Record<string, string | undefined>>,
  specs: Specs,
): CleanedEnv<Specs> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  return cleanEnv(given, specs, {
    reporter: ({ errors }) => {
      const problems = Object.entries(errors).map(
        ([name, error]) => `${name}: ${error instanceof WrongValue ? error.message : 'is not valid'}`,
      );
      // Thrown from here: what follows must not see half an environment.
      if (problems.length > 0) throw new EnvironmentError(problems);
    },
  });
}
