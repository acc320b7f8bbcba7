import { useSyncExternalStore } from 'react';
import { onSessionChange, type Permission, sessionState, type SessionState } from './session.js';

export function useSessionState(): SessionState {
  return useSyncExternalStore(onSessionChange, sessionState);
}

/** Whether who is signed in may do something. What they may not is not drawn; the server decides all the same. */
export function useMay(permission: Permission): boolean {
  return useSessionState().session?.me.permissions.includes(permission) ?? false;
}
