import type { paths } from '../../generated/openapi.d.ts';

/** Who is signed in, as the server says. */
export type Me = paths['/api/me/']['get']['responses'][200]['content']['application/json'];
export type Permission = Me['permissions'][number];

export interface Session {
  readonly token: string;
  readonly me: Me;
}

export interface SessionState {
  /** Undefined: nobody is signed in. */
  readonly session: Session | undefined;
  /** Whether the server took the token no more: what is on the screen stays, and another token is asked for. */
  readonly isRefused: boolean;
  /** Why nobody is signed in, where there is more to say than that. */
  readonly problem: unknown;
}

/** Per tab and per port, and gone with the tab: a cookie would be sent to every other server of this host. */
const KEY = 'tidings-session';

let state: SessionState = { session: storedSession(), isRefused: false, problem: undefined };
const listeners = new Set<() => void>();
let renewal: { readonly promise: Promise<string>; readonly settle: (token: string | undefined) => void } | undefined;

/** Somebody signed out while a request waited for another token. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

export function sessionState(): SessionState {
  return state;
}

/** @returns stops telling */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Keeps a token that the server has taken; requests that wait for one go on. */
export function keepSession(session: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
  change({ session, isRefused: false, problem: undefined });
  renewal?.settle(session.token);
}

/** @param problem why, where it was nobody's wish */
export function forgetSession(problem?: unknown): void {
  sessionStorage.removeItem(KEY);
  change({ session: undefined, isRefused: false, problem });
  renewal?.settle(undefined);
}

/** Asks for another token, once for all that wait. @throws {SignedOut} where there will be none */
export async function renewedToken(): Promise<string> {
  renewal ??= newRenewal();
  change({ ...state, isRefused: true });
  return renewal.promise;
}

function newRenewal(): NonNullable<typeof renewal> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const settle = (token: string | undefined): void => {
    renewal = undefined;
    if (token === undefined) reject(new SignedOut());
    else resolve(token);
  };
  return { promise, settle };
}

function change(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function storedSession(): Session | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | undefined) ?? undefined;
  } catch {
    return undefined;
  }
}
