// The API's JSON, version 1. Times are UTC milliseconds, sizes bytes, ids ULIDs.
//
// The API's fields are in snake_case and keep these names wherever the app uses such an object. Only this file declares
// them; everything that the app declares itself is in camelCase.

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

export interface NewUser {
    username: string;
    password: string;
    role: User['role'];
    quota_bytes: number | null;
}
export type UserChange = Partial<Pick<User, 'role' | 'quota_bytes' | 'disabled'> & { password: string }>;

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
    trash_keep: number; // milliseconds; 0: forever
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
    token?: string; // only in the answer to its creation
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

export interface SpaceChange {
    name?: string;
    quota_bytes?: number | null;
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
    uploaded_at: number | null; // when the file's content arrived
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
    // Folders below the space's root, joined by '/'. null: the folder no longer exists, or the caller may not see it.
    original_path: string | null;
}

// Where a trashed entry is restored to; omitted fields keep their former values.
export interface RestoreTarget {
    parent_id?: string;
    name?: string;
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

export interface AuditFilter {
    user_id?: string;
    action?: string;
    entry_id?: string; // the target: an entry, a space, an account or a node
    since?: string; // milliseconds since 1970
    until?: string;
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

// An upload of the caller that is not finished. whole: all bytes have arrived, but the file does not exist yet.
export interface UploadThere {
    id: string;
    parent_id: string;
    filename: string;
    size: number | null;
    offset: number;
    whole: boolean;
}

export type JobAction = 'trash' | 'move' | 'copy' | 'restore' | 'erase';

export interface Job {
    id: string;
    act: JobAction;
    state: 'gathering' | 'running' | 'done' | 'cancelled';
    folder_id: string | null; // the folder whose entries it acts on, if it acts on all of them
    job_id: string | null; // the job that it undoes or retries
    parent_id: string | null; // the folder that the entries go to
    total: number;
    done: number;
    failed: number;
    created_at: number;
    ended_at: number | null;
}

export interface JobItem {
    id: string;
    name: string | null;
    state: 'waiting' | 'done' | 'failed';
    code: string | null;
    result_id: string | null;
}

export type JobWithItems = Job & Page<JobItem>;

export type Selection =
    | { ids: readonly string[] }
    | { folder_id: string; except: readonly string[] }
    | { job_id: string; failed?: boolean };

export type JobRequest = Selection & { act: JobAction; parent_id?: string; on_conflict?: 'fail' | 'rename' };

export type NodeState = 'starting' | 'ready' | 'unready' | 'draining' | 'lost' | 'gone';

// One sample for each `every` milliseconds, the newest last. null: no requests in that time, or not known.
export type Samples = readonly (number | null)[];

export interface NodeStats {
    every?: number;
    cores?: number;
    load?: number; // of the machine, over a minute
    memory_bytes?: number | null;
    connections?: number;
    working?: number;
    uploads?: number;
    rate?: Samples; // requests a second
    errors?: Samples; // 5xx answers a second
    p50?: Samples; // milliseconds
    p99?: Samples;
    cpu?: Samples; // of one core
}

export interface FleetNode {
    id: string; // of this run of the process
    name: string;
    version: string;
    address: string;
    state: NodeState;
    asked: 'drain' | 'stop' | null; // what an operator asked for
    started_at: number;
    seen_at: number;
    stats: NodeStats | null;
    drain_asked_at: number | null; // when an operator asked to drain nodes of this name
}

export interface FleetLease {
    name: string;
    owner: string;
    node: string | null; // null: the owner's row no longer exists
    fence: number;
    expires_at: number;
}

export interface Fleet {
    items: FleetNode[];
    now: number; // by the database's clock, as are all times here
    drains: { name: string; asked_at: number }[]; // also of nodes that are not running
    leases: FleetLease[];
    uploads: { open: number; active: number; received_bytes: number; length_bytes: number };
    storage: { used_bytes: number | null; free_bytes: number | null; total_bytes: number | null };
}

// RFC 9457.
export interface Problem {
    status?: number;
    code?: string;
    title?: string;
    detail?: string;
    request_id?: string;
    existing_id?: string;
    username?: string;
}
