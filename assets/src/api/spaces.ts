// Spaces and who may do what in them.
import { call } from './call';
import { path, query } from './path';
import { every } from './all-pages';
import type { Member, Page, Role, Space } from './shapes';

const page = 200; // rows that one call asks for

export const all_spaces = (cursor: string | null, signal?: AbortSignal): Promise<Page<Space>> => call('GET', path`spaces${query({ all: true, limit: page, cursor })}`, { signal });
export const spaces = (signal?: AbortSignal): Promise<Space[]> => every((cursor) => call('GET', path`spaces${query({ limit: page, cursor })}`, { signal }));
export const make_space = (name: string, quota_bytes: number | null): Promise<Space> => call('POST', path`spaces`, { body: { name, quota_bytes } });
export const change_space = (id: string, change: { name?: string; quota_bytes?: number | null }): Promise<Space> => call('PATCH', path`spaces/${id}`, { body: change });

export const members = (space: string, signal?: AbortSignal): Promise<Member[]> => every((cursor) => call('GET', path`spaces/${space}/members${query({ limit: page, cursor })}`, { signal }));
export const put_member = (space: string, user: string, role: Role): Promise<Member> => call('PUT', path`spaces/${space}/members/${user}`, { body: { role } });
export const remove_member = (space: string, user: string): Promise<void> => call('DELETE', path`spaces/${space}/members/${user}`);
