/** What is said of a stream that is lost, and of one that is back. @param pause milliseconds until the next try */
export function pauseText(reason: string, pause: number | undefined): string {
  if (pause === undefined) return 'Connected again.';
  return `The connection is lost (${reason}); the next try is in ${(pause / 1_000).toFixed(1)} s.`;
}
