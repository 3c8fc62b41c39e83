// Spaces and who may do what in them.
import { call, query } from './call';
import type { Member, Role, Space } from './shapes';

export const spaces = (all = false, signal?: AbortSignal): Promise<{ items: Space[] }> => call('GET', `spaces${query({ all: all || null })}`, { signal });
export const make_space = (name: string, quota_bytes: number | null): Promise<Space> => call('POST', 'spaces', { body: { name, quota_bytes } });
export const change_space = (id: string, change: { name?: string; quota_bytes?: number | null }): Promise<Space> => call('PATCH', `spaces/${id}`, { body: change });

export const members = (space: string, signal?: AbortSignal): Promise<{ items: Member[] }> => call('GET', `spaces/${space}/members`, { signal });
export const put_member = (space: string, user: string, role: Role): Promise<Member> => call('PUT', `spaces/${space}/members/${user}`, { body: { role } });
export const remove_member = (space: string, user: string): Promise<void> => call('DELETE', `spaces/${space}/members/${user}`);
