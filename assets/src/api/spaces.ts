// Spaces and who may do what in them.
import { call } from './call';
import { path, query } from './path';
import type { Member, Role, Space } from './shapes';

export const spaces = (all = false, signal?: AbortSignal): Promise<{ items: Space[] }> => call('GET', path`spaces${query({ all: all || null })}`, { signal });
export const make_space = (name: string, quota_bytes: number | null): Promise<Space> => call('POST', path`spaces`, { body: { name, quota_bytes } });
export const change_space = (id: string, change: { name?: string; quota_bytes?: number | null }): Promise<Space> => call('PATCH', path`spaces/${id}`, { body: change });

export const members = (space: string, signal?: AbortSignal): Promise<{ items: Member[] }> => call('GET', path`spaces/${space}/members`, { signal });
export const put_member = (space: string, user: string, role: Role): Promise<Member> => call('PUT', path`spaces/${space}/members/${user}`, { body: { role } });
export const remove_member = (space: string, user: string): Promise<void> => call('DELETE', path`spaces/${space}/members/${user}`);
