/** How the program ends. Scripts may rely on these numbers; `tidings --help` lists them. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'success' },
  failed: { code: 1, meaning: 'failure: an event was rejected, a request refused, a check failed' },
  usage: { code: 2, meaning: 'a wrong command, option, argument or value' },
  unauthorised: { code: 3, meaning: 'the token is missing, unknown, or may not do this' },
  notFound: { code: 4, meaning: 'nothing has that name or id' },
  unreachable: { code: 5, meaning: 'the server cannot be reached or is not available; try again later' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitName = keyof typeof EXIT_CODES;
