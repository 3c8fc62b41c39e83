// Calls for files and folders.
import { ask, call, freshKey, type Answer } from './call';
import { path, query, urlOf } from './url';
import type {
    Entry,
    FoundEntry,
    OpenEntry,
    Page,
    RestoreTarget,
    Sort,
    TrashedEntry,
    UploadThere,
    Version,
} from './shapes';

export const openEntry = (id: string, signal?: AbortSignal): Promise<OpenEntry> =>
    call('GET', path`entries/${id}`, { signal });

export const taggedEntry = (id: string): Promise<Answer<OpenEntry>> => ask('GET', path`entries/${id}`);

interface PageOptions {
    sort: Sort;
    cursor: string | null;
    limit: number;
    etag?: string | null;
    signal?: AbortSignal;
}

export function children(id: string, { sort, cursor, limit, etag, signal }: PageOptions): Promise<Answer<Page<Entry>>> {
    return ask('GET', path`entries/${id}/children${query({ limit, cursor, sort: sort.key, order: sort.order })}`, {
        etag,
        signal,
    });
}

// `key`: a retry with the same key gives the folder that the first try made.
export const makeFolder = (parent: string, name: string, key = freshKey()): Promise<Entry> =>
    call('POST', path`entries/${parent}/folders`, { body: { name }, key });
// `ifMatch`: the ETag that the caller saw; the call fails if the entry has changed since.
export const rename = (id: string, name: string, ifMatch?: string | null): Promise<Entry> =>
    call('PATCH', path`entries/${id}`, { body: { name }, ifMatch });
export const move = (id: string, parentId: string, name?: string, ifMatch?: string | null): Promise<Entry> =>
    call('PATCH', path`entries/${id}`, { body: { parent_id: parentId, name }, ifMatch });
export const copy = (id: string, parentId: string, name?: string): Promise<Entry> =>
    call('POST', path`entries/${id}/copies`, { body: { parent_id: parentId, name } });
export const trash = (id: string): Promise<void> => call('DELETE', path`entries/${id}`);
export const erase = (id: string): Promise<void> => call('DELETE', path`entries/${id}?permanent=true`);
export const restore = (id: string, where: RestoreTarget = {}): Promise<Entry> =>
    call('POST', path`entries/${id}/restore`, { body: where });

export const versions = (id: string, signal?: AbortSignal): Promise<{ items: Version[] }> =>
    call('GET', path`entries/${id}/versions`, { signal });
export const deleteVersion = (id: string, version: number): Promise<void> =>
    call('DELETE', path`entries/${id}/versions/${version}`);
export const restoreVersion = (id: string, version: number): Promise<Entry> =>
    call('POST', path`entries/${id}/versions/${version}/restore`);

export function trashed(
    space: string,
    cursor: string | null,
    limit: number,
    signal?: AbortSignal,
): Promise<Page<TrashedEntry>> {
    return call('GET', path`spaces/${space}/trash${query({ limit, cursor })}`, { signal });
}
export const trashedEntry = (id: string, signal?: AbortSignal): Promise<OpenEntry> =>
    call('GET', path`entries/${id}${query({ trashed: true })}`, { signal });
export function trashedChildren(
    id: string,
    cursor: string | null,
    limit: number,
    signal?: AbortSignal,
): Promise<Page<Entry>> {
    return call('GET', path`entries/${id}/children${query({ trashed: true, limit, cursor })}`, { signal });
}
export const trashedUrl = (id: string, disposition: 'inline' | 'attachment'): string =>
    urlOf(path`entries/${id}/content${query({ trashed: true, disposition })}`);
export const emptyTrash = (space: string): Promise<void> => call('DELETE', path`spaces/${space}/trash`);

export const uploadsThere = async (): Promise<UploadThere[]> =>
    (await call<{ items: UploadThere[] }>('GET', path`uploads`)).items;

export function search(
    q: string,
    spaceId: string | null,
    cursor: string | null,
    limit: number,
    signal?: AbortSignal,
): Promise<Page<FoundEntry>> {
    return call('GET', path`search${query({ q, space_id: spaceId, limit, cursor })}`, { signal });
}

// URLs of a file's bytes, for links, images and players. `version` gives a changed file a new URL.
export function contentUrl(entry: Pick<Entry, 'id' | 'version'>, disposition: 'inline' | 'attachment'): string {
    return urlOf(path`entries/${entry.id}/content${query({ disposition, v: entry.version })}`);
}
export const versionUrl = (id: string, version: number): string =>
    urlOf(path`entries/${id}/versions/${version}/content?disposition=attachment`);
