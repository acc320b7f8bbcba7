/** How the program ends. Scripts may rely on these numbers; `tidings --help` lists them. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'it worked' },
  failed: { code: 1, meaning: 'it did not work: an event was rejected, a request refused, a check failed' },
  usage: { code: 2, meaning: 'the command was not understood: an option, an argument or a value' },
  unauthorised: { code: 3, meaning: 'the token is missing, not known, or may not do this' },
  notFound: { code: 4, meaning: 'there is nothing of that name or id' },
  unreachable: { code: 5, meaning: 'the server cannot be reached, or cannot answer now; the same may work later' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitName = keyof typeof EXIT_CODES;
