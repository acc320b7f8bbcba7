/**
 * Takes the token out of an `Authorization` header: `Bearer X`, `Token X` or `Bearer Token X`, schemes in any case.
 * @returns undefined when there is no header, or it is of another kind
 */
export function tokenOf(header: string | undefined): string | undefined {
  const match = /^(?:bearer(?: +token)?|token) +(\S+) *$/i.exec(header ?? '');
  return match?.[1];
}
