// Files and folders.
import { ask, call, query, type Answer } from './call';
import type { Entry, FoundEntry, OpenEntry, Page, Sort, TrashedEntry, Version } from './shapes';

export const open_entry = (id: string, signal?: AbortSignal): Promise<OpenEntry> => call('GET', `entries/${id}`, { signal });

interface PageOptions {
    sort: Sort;
    cursor: string | null;
    limit: number;
    etag?: string | null;
    signal?: AbortSignal;
}

export function children(id: string, { sort, cursor, limit, etag, signal }: PageOptions): Promise<Answer<Page<Entry>>> {
    return ask('GET', `entries/${id}/children${query({ limit, cursor, sort: sort.key, order: sort.order })}`, { etag, signal });
}

export const make_folder = (parent: string, name: string): Promise<Entry> => call('POST', `entries/${parent}/folders`, { body: { name } });
export const rename = (id: string, name: string): Promise<Entry> => call('PATCH', `entries/${id}`, { body: { name } });
export const move = (id: string, parent_id: string, name?: string): Promise<Entry> => call('PATCH', `entries/${id}`, { body: { parent_id, name } });
export const copy = (id: string, parent_id: string, name?: string): Promise<Entry> => call('POST', `entries/${id}/copies`, { body: { parent_id, name } });
export const trash = (id: string): Promise<void> => call('DELETE', `entries/${id}`);
export const erase = (id: string): Promise<void> => call('DELETE', `entries/${id}?permanent=true`);
export const restore = (id: string, where: { parent_id?: string; name?: string } = {}): Promise<Entry> => call('POST', `entries/${id}/restore`, { body: where });

export const versions = (id: string, signal?: AbortSignal): Promise<{ items: Version[] }> => call('GET', `entries/${id}/versions`, { signal });
export const restore_version = (id: string, version: number): Promise<Entry> => call('POST', `entries/${id}/versions/${version}/restore`);

export function trashed(space: string, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<TrashedEntry>> {
    return call('GET', `spaces/${space}/trash${query({ limit, cursor })}`, { signal });
}
export const empty_trash = (space: string): Promise<void> => call('DELETE', `spaces/${space}/trash`);

export function search(q: string, space_id: string | null, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<FoundEntry>> {
    return call('GET', `search${query({ q, space_id, limit, cursor })}`, { signal });
}

// Addresses of bytes, for links, images and players. `version` makes a changed file another address.
export function content_url(entry: Pick<Entry, 'id' | 'version'>, disposition: 'inline' | 'attachment'): string {
    return `/api/v1/entries/${entry.id}/content${query({ disposition, v: entry.version })}`;
}
export const version_url = (id: string, version: number): string => `/api/v1/entries/${id}/versions/${version}/content?disposition=attachment`;
