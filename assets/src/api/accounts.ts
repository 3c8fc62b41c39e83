// Calls for set-up, sign-in, the caller's own sessions and tokens, and (for administrators) all accounts.
import { call } from './call';
import { path, query } from './url';
import type {
    AuditFilter,
    AuditRow,
    ChangedUser,
    NewUser,
    Page,
    Person,
    Scope,
    Session,
    SignedIn,
    Token,
    User,
    UserChange,
} from './shapes';

export const setupNeeded = (): Promise<{ needed: boolean }> => call('GET', path`setup`);
export const setUp = (token: string, username: string, password: string): Promise<SignedIn> =>
    call('POST', path`setup`, { body: { token, username, password } });

export const whoAmI = (): Promise<SignedIn> => call('GET', path`session`);
export const signIn = (username: string, password: string): Promise<SignedIn> =>
    call('POST', path`session`, { body: { username, password } });
export const signOut = (): Promise<void> => call('DELETE', path`session`);

export const sessions = (signal?: AbortSignal): Promise<{ items: Session[] }> =>
    call('GET', path`sessions`, { signal });
export const endSession = (id: string): Promise<void> => call('DELETE', path`sessions/${id}`);
export const endOtherSessions = (): Promise<void> => call('DELETE', path`sessions`);
export const changePassword = (currentPassword: string, newPassword: string, endTokens: boolean): Promise<void> =>
    call('PUT', path`password`, {
        body: { current_password: currentPassword, new_password: newPassword, end_tokens: endTokens },
    });

export const tokens = (signal?: AbortSignal): Promise<{ items: Token[] }> => call('GET', path`tokens`, { signal });
export const makeToken = (name: string, scope: Scope, expiresAt: number | null): Promise<Token> =>
    call('POST', path`tokens`, { body: { name, scope, expires_at: expiresAt } });
export const revokeToken = (id: string): Promise<void> => call('DELETE', path`tokens/${id}`);

export const people = (q: string, signal?: AbortSignal): Promise<{ items: Person[] }> =>
    call('GET', path`people${query({ q })}`, { signal });

export const users = (q: string, cursor: string | null, signal?: AbortSignal): Promise<Page<User>> =>
    call('GET', path`users${query({ q, cursor, limit: 100 })}`, { signal });
export const makeUser = (user: NewUser): Promise<User> => call('POST', path`users`, { body: user });
export const changeUser = (id: string, change: UserChange): Promise<ChangedUser> =>
    call('PATCH', path`users/${id}`, { body: change });
export const sessionsOf = (id: string, signal?: AbortSignal): Promise<{ items: Session[] }> =>
    call('GET', path`users/${id}/sessions`, { signal });
export const tokensOf = (id: string, signal?: AbortSignal): Promise<{ items: Token[] }> =>
    call('GET', path`users/${id}/tokens`, { signal });
export const endSessionOf = (id: string, session: string): Promise<void> =>
    call('DELETE', path`users/${id}/sessions/${session}`);
export const endTokenOf = (id: string, token: string): Promise<void> =>
    call('DELETE', path`users/${id}/tokens/${token}`);
export const unlockUser = (id: string): Promise<void> => call('DELETE', path`users/${id}/lockout`);
export const deleteUser = (id: string): Promise<void> => call('DELETE', path`users/${id}`);

export function audit(filter: AuditFilter, cursor: string | null, signal?: AbortSignal): Promise<Page<AuditRow>> {
    return call('GET', path`audit${query({ ...filter, cursor, limit: 100 })}`, { signal });
}
