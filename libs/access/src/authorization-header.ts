/**
 * Takes the token out of an `Authorization` header: `Bearer X`, `Token X` or `Bearer Token X`, schemes in any case.
 * @returns undefined when there is no header or it has another scheme; empty when the token is missing
 */
export function tokenOf(header: string | undefined): string | undefined {
  const match = /^(?:bearer(?: +token)?|token)(?: +(.*))?$/i.exec(header?.trim() ?? '');
  return match === null ? undefined : (match[1] ?? '');
}
