import { en } from '../messages/en.js';
import { StateLabel } from './state-label.js';

/** How something can end, or how far it is. */
export const OUTCOMES = ['scheduled', 'in_progress', 'succeeded', 'failed', 'cancelled'] as const;

const TONES = {
  scheduled: 'quiet',
  in_progress: 'waiting',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet',
} as const;

/** How what an event tells of ended. */
export function OutcomeLabel({ outcome }: { readonly outcome: string | null | undefined }) {
  const known = OUTCOMES.find((one) => one === outcome);
  if (known !== undefined) return <StateLabel tone={TONES[known]}>{en.outcomes[known]}</StateLabel>;
  return <StateLabel tone="quiet">{outcome ?? en.outcomes.none}</StateLabel>;
}
