// Set-up, sign-in, one's own sessions and tokens; and, for administrators, everybody's accounts.
import { call } from './call';
import { path, query } from './path';
import type { AuditRow, ChangedUser, Page, Person, Scope, Session, SignedIn, Token, User } from './shapes';

export const setup_needed = (): Promise<{ needed: boolean }> => call('GET', path`setup`);
export const set_up = (token: string, username: string, password: string): Promise<SignedIn> => call('POST', path`setup`, { body: { token, username, password } });

export const who_am_i = (): Promise<SignedIn> => call('GET', path`session`);
export const sign_in = (username: string, password: string): Promise<SignedIn> => call('POST', path`session`, { body: { username, password } });
export const sign_out = (): Promise<void> => call('DELETE', path`session`);

export const sessions = (signal?: AbortSignal): Promise<{ items: Session[] }> => call('GET', path`sessions`, { signal });
export const end_session = (id: string): Promise<void> => call('DELETE', path`sessions/${id}`);
export const end_other_sessions = (): Promise<void> => call('DELETE', path`sessions`);
export const change_password = (current_password: string, new_password: string, end_tokens: boolean): Promise<void> => call('PUT', path`password`, { body: { current_password, new_password, end_tokens } });

export const tokens = (signal?: AbortSignal): Promise<{ items: Token[] }> => call('GET', path`tokens`, { signal });
export const make_token = (name: string, scope: Scope, expires_at: number | null): Promise<Token> => call('POST', path`tokens`, { body: { name, scope, expires_at } });
export const revoke_token = (id: string): Promise<void> => call('DELETE', path`tokens/${id}`);

export const people = (q: string, signal?: AbortSignal): Promise<{ items: Person[] }> => call('GET', path`people${query({ q })}`, { signal });

export interface NewUser {
    username: string;
    password: string;
    role: User['role'];
    quota_bytes: number | null;
}
export type UserChange = Partial<Pick<User, 'role' | 'quota_bytes' | 'disabled'> & { password: string }>;

export const users = (q: string, cursor: string | null, signal?: AbortSignal): Promise<Page<User>> => call('GET', path`users${query({ q, cursor, limit: 100 })}`, { signal });
export const make_user = (user: NewUser): Promise<User> => call('POST', path`users`, { body: user });
export const change_user = (id: string, change: UserChange): Promise<ChangedUser> => call('PATCH', path`users/${id}`, { body: change });
export const sessions_of = (id: string, signal?: AbortSignal): Promise<{ items: Session[] }> => call('GET', path`users/${id}/sessions`, { signal });
export const tokens_of = (id: string, signal?: AbortSignal): Promise<{ items: Token[] }> => call('GET', path`users/${id}/tokens`, { signal });
export const end_session_of = (id: string, session: string): Promise<void> => call('DELETE', path`users/${id}/sessions/${session}`);
export const end_token_of = (id: string, token: string): Promise<void> => call('DELETE', path`users/${id}/tokens/${token}`);
export const unlock_user = (id: string): Promise<void> => call('DELETE', path`users/${id}/lockout`);
export const delete_user = (id: string): Promise<void> => call('DELETE', path`users/${id}`);

export interface AuditFilter {
    user_id?: string;
    action?: string;
    entry_id?: string; // what it was done to: an entry, a space, an account, a node
    since?: string; // milliseconds since 1970
    until?: string;
}
export function audit(filter: AuditFilter, cursor: string | null, signal?: AbortSignal): Promise<Page<AuditRow>> {
    return call('GET', path`audit${query({ ...filter, cursor, limit: 100 })}`, { signal });
}
