import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.js';

const FOCUSED_MS = 5_000;
const SEEN_MS = 30_000;
const MOST_RETRIES = 5;

/** How often a list that matters is asked for anew; not at all while nobody can see it. */
export function refetchInterval(): number {
  return document.hasFocus() ? FOCUSED_MS : SEEN_MS;
}

/** A server that is busy or away is asked again by itself; what it refused is not. */
function isPassing(problem: unknown): boolean {
  return problem instanceof ApiProblem && (problem.status === 0 || problem.status === 503);
}

function retryDelay(attempt: number, problem: unknown): number {
  const told = problem instanceof ApiProblem ? problem.retryAfter : undefined;
  return told === undefined ? Math.min(1_000 * 2 ** attempt, 15_000) : told * 1_000;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, problem) => isPassing(problem) && count < MOST_RETRIES,
        retryDelay,
        staleTime: 2_000,
        // What is there stays, dimmed, while the next answer is on its way.
        placeholderData: (previous: unknown) => previous,
      },
      mutations: { retry: false },
    },
  });
}
