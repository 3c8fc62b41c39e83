// The API's JSON, version 1. Times are UTC milliseconds, sizes bytes, ids ULIDs.

export type Role = 'viewer' | 'editor' | 'manager';
export type Kind = 'file' | 'folder';

export interface User {
    id: string;
    username: string;
    role: 'admin' | 'member';
    disabled: boolean;
    quota_bytes: number | null;
    used_bytes: number;
    created_at: number;
    last_seen_at: number | null;
}

export interface ChangedUser extends User {
    ended: { sessions: number; tokens: number };
}

export interface Session {
    id: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
    user_agent: string;
    address: string;
    current: boolean;
}

export interface Server {
    version: string;
    max_file: number;
    password_min_length: number;
    trash_keep: number; // milliseconds; 0: for ever
}

export interface SignedIn {
    user: User;
    session: Session | null;
    server?: Server;
}

export type Scope = 'read' | 'write' | 'admin';

export interface Token {
    id: string;
    name: string;
    scope: Scope;
    created_at: number;
    last_used_at: number | null;
    expires_at: number | null;
    token?: string; // in the answer that makes it, and never again
}

export interface Space {
    id: string;
    name: string;
    kind: 'personal' | 'team';
    root_id: string;
    role: Role | null; // null: an administrator who is not a member
    used_bytes: number;
    quota_bytes: number | null;
    created_at: number;
}

export interface Member {
    user_id: string;
    username: string;
    role: Role;
}

export interface Person {
    id: string;
    username: string;
}

export interface Step {
    id: string;
    name: string;
}

export interface Entry {
    id: string;
    parent_id: string | null;
    space_id: string;
    kind: Kind;
    name: string;
    size: number;
    mime: string | null;
    sha256: string | null;
    version: number;
    created_at: number;
    modified_at: number;
    modified_by: string | null;
    uploaded_at: number | null; // when a file's content came
}

export interface OpenEntry extends Entry {
    path: Step[];
    role: Role;
    children_count: number | null;
}

export interface FoundEntry extends Entry {
    path: Step[];
}

export interface TrashedEntry extends Entry {
    trashed_at: number;
    trashed_by: string | null;
    original_path: string | null; // folders below the space's root, joined by '/'; null: the folder is gone for good, or is not yours to see
}

export interface Version {
    version: number;
    size: number;
    sha256: string;
    created_at: number;
    modified_at: number;
    created_by: string | null;
}

export interface AuditRow {
    id: string;
    at: number;
    user: string | null;
    action: string;
    target: string | null;
    target_id: string | null;
    address: string | null;
    detail: Record<string, unknown>;
}

export interface Page<T> {
    items: T[];
    next_cursor: string | null;
    total?: number;
}

export type SortKey = 'name' | 'size' | 'modified_at' | 'kind';
export interface Sort {
    key: SortKey;
    order: 'asc' | 'desc';
}
