/** An address whose path is a secret, as answers show it: whom it calls, and not how. */
export function hiddenUrl(url: string): string {
  return `${new URL(url).origin}/********`;
}
