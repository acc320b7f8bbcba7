import { mayPublishAs, type Principal } from '@tidings/access';
import { systemOfSource, type Catalogue, type Problem } from '@tidings/catalogue';

/** Our own events, which nobody else publishes. */
const OWN_SYSTEM = 'tidings';

/**
 * Whether a publisher may publish an event of a system as a source. A source `/<system>/…` speaks for that system alone;
 * one that names no system speaks for those that the token's own sources name, and for those that send no events of
 * their own, such as a team's.
 * @param system the one that the event's type belongs to
 * @returns why not, or undefined
 */
export function publishingProblem(
  { sources }: Pick<Principal, 'sources'>,
  { source, type, system }: { readonly source: string; readonly type: string; readonly system: string },
  catalogue: Catalogue,
): Problem | undefined {
  if (!mayPublishAs({ sources }, source)) {
    const problem = 'is none that this token may publish as; use one of its own, or a token for this one';
    return { field: 'source', problem };
  }
  const named = catalogue.foreignSystem(source, system);
  if (named !== undefined) {
    const problem = `speaks for the system ${named}, and ${type} is a type of ${system}; use a source /${system}/<site>`;
    return { field: 'source', problem };
  }
  if (systemOfSource(source) === system || speaksFor(sources, system, catalogue)) return undefined;
  const problem = `names no system, and none of this token's sources names ${system}; use a token for /${system}/<site>`;
  return { field: 'source', problem };
}

function speaksFor(sources: readonly string[], system: string, catalogue: Catalogue): boolean {
  const isSent = catalogue.system(system)?.native !== undefined || system === OWN_SYSTEM;
  return !isSent || sources.some((pattern) => names(pattern, `/${system}/`));
}

/** Does a pattern of sources begin with the system, or is it so wide that it takes the system in? */
function names(pattern: string, start: string): boolean {
  return pattern.startsWith(start) || (pattern.endsWith('*') && start.startsWith(pattern.slice(0, -1)));
}
