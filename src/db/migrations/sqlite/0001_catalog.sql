-- Ids are ULIDs of 16 bytes; times UTC milliseconds; sizes bytes; hashes SHA-256 of 32 bytes.
CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER
) WITHOUT ROWID;

CREATE TABLE setup_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    id BLOB NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER
) WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user_id);

-- Failed sign-ins: one row an account ("account:…") or an address ("address:…").
CREATE TABLE attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    window_ends_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attempts_expiry ON attempts (window_ends_at);

CREATE TABLE spaces (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    root_id BLOB NOT NULL,
    owner_id BLOB UNIQUE,
    used_bytes INTEGER NOT NULL DEFAULT 0,
    quota_bytes INTEGER,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE members (
    space_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (space_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id);

-- The tree. A root and the top of what was trashed have no parent, so they take no name in any folder.
-- trash_id is the top trashed entry for it and all below it; state counts the changes of a folder's children.
CREATE TABLE entries (
    id BLOB NOT NULL PRIMARY KEY,
    space_id BLOB NOT NULL,
    parent_id BLOB,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    size INTEGER NOT NULL DEFAULT 0,
    mime TEXT NOT NULL DEFAULT '',
    blob_id BLOB,
    sha256 BLOB,
    version INTEGER NOT NULL DEFAULT 1,
    state INTEGER NOT NULL DEFAULT 0,
    child_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by BLOB,
    trash_id BLOB,
    trashed_at INTEGER,
    trashed_by BLOB,
    trash_parent_id BLOB
) WITHOUT ROWID;
CREATE UNIQUE INDEX entries_name ON entries (parent_id, name);
CREATE INDEX entries_by_name ON entries (parent_id, kind, name_key, id);
CREATE INDEX entries_by_size ON entries (parent_id, kind, size, id);
CREATE INDEX entries_by_time ON entries (parent_id, kind, modified_at, id);
CREATE INDEX entries_by_mime ON entries (parent_id, kind, mime, name_key, id);
CREATE INDEX entries_search ON entries (space_id, name_key, id, trash_id);
CREATE INDEX entries_trash ON entries (space_id, trashed_at, id);
CREATE INDEX entries_trashed_under ON entries (trash_id);
CREATE INDEX entries_blob ON entries (blob_id);

-- A file's former contents; the current one is in entries.
CREATE TABLE versions (
    entry_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    blob_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    PRIMARY KEY (entry_id, version)
) WITHOUT ROWID;
CREATE INDEX versions_blob ON versions (blob_id);

-- One row a blob file. released_at: when an entry or version let go of it; the sweeper looks whether any is left.
CREATE TABLE blobs (
    id BLOB NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    released_at INTEGER
) WITHOUT ROWID;
CREATE INDEX blobs_released ON blobs (released_at);

-- received is the acknowledged offset: so many bytes are on disk and synced. digest_state belongs to it.
CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL,
    space_id BLOB NOT NULL,
    parent_id BLOB NOT NULL,
    name TEXT NOT NULL,
    length INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    sha256 BLOB,
    on_conflict TEXT NOT NULL,
    metadata TEXT NOT NULL,
    digest_state BLOB,
    entry_id BLOB,
    holder BLOB,
    fence INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX uploads_user ON uploads (user_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    owner BLOB NOT NULL,
    fence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE nodes (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id BLOB,
    username TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    target_id BLOB,
    address TEXT NOT NULL,
    detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_target ON audit (target_id, id);
