import { answerOf, api, openApi } from './client.js';
import { ApiProblem } from './problem.js';
import { forgetSession, keepSession, type Me, sessionState } from './session.js';

/** Asks the server whose a token is, and keeps it. @throws {ApiProblem} */
export async function signInWithToken(token: string): Promise<void> {
  keepSession({ token, me: await meOf(token) });
}

/**
 * Takes the one-time code out of the address, where there is one, and trades it for a session. It is out of the history
 * before anything else happens. Otherwise the tab's own session is
 * looked at again, beside everything else.
 */
export async function signInFromAddress(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code === null) {
    void refreshSession();
    return;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  try {
    const { token } = await answerOf(openApi.POST('/api/sessions/', { body: { code } }));
    await signInWithToken(token ?? '');
  } catch (problem) {
    // Whoever is signed in already stays so.
    if (sessionState().session === undefined) forgetSession(problem);
  }
}

/** Ends the session at the server, too, where it is one. What the tab knew is forgotten in any case. */
export async function signOut(): Promise<void> {
  const isSession = sessionState().session?.me.kind === 'session';
  if (isSession) await answerOf(api.DELETE('/api/sessions/current/')).catch(() => undefined);
  forgetSession();
}

/** What a token may do can change. A server that is away for a moment signs nobody out. */
async function refreshSession(): Promise<void> {
  const token = sessionState().session?.token;
  if (token === undefined) return;
  try {
    await signInWithToken(token);
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 401) forgetSession();
  }
}

async function meOf(token: string): Promise<Me> {
  return answerOf(openApi.GET('/api/me/', { headers: { authorization: `Bearer ${token}` } }));
}
