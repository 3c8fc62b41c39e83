// Calls for spaces and their members.
import { call } from './call';
import { path, query } from './url';
import { allPages } from './all-pages';
import type { Member, Page, Role, Space, SpaceChange } from './shapes';

const page = 200; // rows a call

export const allSpaces = (cursor: string | null, signal?: AbortSignal): Promise<Page<Space>> =>
    call('GET', path`spaces${query({ all: true, limit: page, cursor })}`, { signal });
export const spaces = (signal?: AbortSignal): Promise<Space[]> =>
    allPages((cursor) => call('GET', path`spaces${query({ limit: page, cursor })}`, { signal }));
export const makeSpace = (name: string, quotaBytes: number | null): Promise<Space> =>
    call('POST', path`spaces`, { body: { name, quota_bytes: quotaBytes } });
export const changeSpace = (id: string, change: SpaceChange): Promise<Space> =>
    call('PATCH', path`spaces/${id}`, { body: change });

export const members = (space: string, signal?: AbortSignal): Promise<Member[]> =>
    allPages((cursor) => call('GET', path`spaces/${space}/members${query({ limit: page, cursor })}`, { signal }));
export const putMember = (space: string, user: string, role: Role): Promise<Member> =>
    call('PUT', path`spaces/${space}/members/${user}`, { body: { role } });
export const removeMember = (space: string, user: string): Promise<void> =>
    call('DELETE', path`spaces/${space}/members/${user}`);
