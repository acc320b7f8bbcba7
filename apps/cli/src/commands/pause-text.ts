/** The message about a stream that is lost, and about one that is back. @param pause milliseconds until the next try */
export function pauseText(reason: string, pause: number | undefined): string {
  if (pause === undefined) return 'Reconnected.';
  return `Connection lost (${reason}); retrying in ${(pause / 1_000).toFixed(1)} s.`;
}
