// Files and folders.
import { ask, call, fresh_key, type Answer } from './call';
import { path, query, url_of } from './path';
import type { Entry, FoundEntry, OpenEntry, Page, Sort, TrashedEntry, Version } from './shapes';

export const open_entry = (id: string, signal?: AbortSignal): Promise<OpenEntry> => call('GET', path`entries/${id}`, { signal });

export const tagged_entry = (id: string): Promise<Answer<OpenEntry>> => ask('GET', path`entries/${id}`);

interface PageOptions {
    sort: Sort;
    cursor: string | null;
    limit: number;
    etag?: string | null;
    signal?: AbortSignal;
}

export function children(id: string, { sort, cursor, limit, etag, signal }: PageOptions): Promise<Answer<Page<Entry>>> {
    return ask('GET', path`entries/${id}/children${query({ limit, cursor, sort: sort.key, order: sort.order })}`, { etag, signal });
}

// `key`: sent again with the same one, since no answer came, it is the folder that was made first.
export const make_folder = (parent: string, name: string, key = fresh_key()): Promise<Entry> => call('POST', path`entries/${parent}/folders`, { body: { name }, key });
// `if_match`: the tag of what the caller saw; changed since, it is refused.
export const rename = (id: string, name: string, if_match?: string | null): Promise<Entry> => call('PATCH', path`entries/${id}`, { body: { name }, if_match });
export const move = (id: string, parent_id: string, name?: string, if_match?: string | null): Promise<Entry> => call('PATCH', path`entries/${id}`, { body: { parent_id, name }, if_match });
export const copy = (id: string, parent_id: string, name?: string): Promise<Entry> => call('POST', path`entries/${id}/copies`, { body: { parent_id, name } });
export const trash = (id: string): Promise<void> => call('DELETE', path`entries/${id}`);
export const erase = (id: string): Promise<void> => call('DELETE', path`entries/${id}?permanent=true`);
export const restore = (id: string, where: { parent_id?: string; name?: string } = {}): Promise<Entry> => call('POST', path`entries/${id}/restore`, { body: where });

export const versions = (id: string, signal?: AbortSignal): Promise<{ items: Version[] }> => call('GET', path`entries/${id}/versions`, { signal });
export const delete_version = (id: string, version: number): Promise<void> => call('DELETE', path`entries/${id}/versions/${version}`);
export const restore_version = (id: string, version: number): Promise<Entry> => call('POST', path`entries/${id}/versions/${version}/restore`);

export function trashed(space: string, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<TrashedEntry>> {
    return call('GET', path`spaces/${space}/trash${query({ limit, cursor })}`, { signal });
}
export const trashed_entry = (id: string, signal?: AbortSignal): Promise<OpenEntry> => call('GET', path`entries/${id}${query({ trashed: true })}`, { signal });
export function trashed_children(id: string, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<Entry>> {
    return call('GET', path`entries/${id}/children${query({ trashed: true, limit, cursor })}`, { signal });
}
export const trashed_url = (id: string, disposition: 'inline' | 'attachment'): string => url_of(path`entries/${id}/content${query({ trashed: true, disposition })}`);
export const empty_trash = (space: string): Promise<void> => call('DELETE', path`spaces/${space}/trash`);

// What the caller's uploads have brought so far. whole: all of it, and no file came of it yet.
export interface UploadThere {
    id: string;
    parent_id: string;
    filename: string;
    size: number | null;
    offset: number;
    whole: boolean;
}

export const uploads_there = async (): Promise<UploadThere[]> => (await call<{ items: UploadThere[] }>('GET', path`uploads`)).items;

export function search(q: string, space_id: string | null, cursor: string | null, limit: number, signal?: AbortSignal): Promise<Page<FoundEntry>> {
    return call('GET', path`search${query({ q, space_id, limit, cursor })}`, { signal });
}

// Addresses of bytes, for links, images and players. `version` makes a changed file another address.
export function content_url(entry: Pick<Entry, 'id' | 'version'>, disposition: 'inline' | 'attachment'): string {
    return url_of(path`entries/${entry.id}/content${query({ disposition, v: entry.version })}`);
}
export const version_url = (id: string, version: number): string => url_of(path`entries/${id}/versions/${version}/content?disposition=attachment`);
