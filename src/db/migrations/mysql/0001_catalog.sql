-- Ids are ULIDs of 16 bytes; times UTC milliseconds; sizes bytes; hashes SHA-256 of 32 bytes.
CREATE TABLE users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    username VARBINARY(255) NOT NULL,
    username_key VARBINARY(255) NOT NULL UNIQUE,
    role VARBINARY(16) NOT NULL,
    password_hash VARBINARY(255) NOT NULL,
    disabled TINYINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE setup_tokens (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE sessions (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL UNIQUE,
    user_id BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    address VARBINARY(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    id BINARY(16) NOT NULL PRIMARY KEY,
    hash BINARY(32) NOT NULL UNIQUE,
    user_id BINARY(16) NOT NULL,
    name VARBINARY(255) NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX tokens_user ON tokens (user_id);

-- Failed sign-ins: one row an account ("account:…") or an address ("address:…").
CREATE TABLE attempts (
    subject VARBINARY(320) NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    window_ends_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX attempts_expiry ON attempts (window_ends_at);

CREATE TABLE spaces (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARBINARY(255) NOT NULL,
    kind VARBINARY(16) NOT NULL,
    root_id BINARY(16) NOT NULL,
    owner_id BINARY(16) UNIQUE,
    used_bytes BIGINT NOT NULL DEFAULT 0,
    quota_bytes BIGINT,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE members (
    space_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    role VARBINARY(16) NOT NULL,
    PRIMARY KEY (space_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX members_user ON members (user_id);

-- The tree. A root and the top of what was trashed have no parent, so they take no name in any folder.
-- trash_id is the top trashed entry for it and all below it; state counts the changes of a folder's children.
CREATE TABLE entries (
    id BINARY(16) NOT NULL PRIMARY KEY,
    space_id BINARY(16) NOT NULL,
    parent_id BINARY(16),
    kind TINYINT NOT NULL,
    name VARBINARY(255) NOT NULL,
    name_key VARBINARY(765) NOT NULL,
    size BIGINT NOT NULL DEFAULT 0,
    mime VARBINARY(127) NOT NULL DEFAULT '',
    blob_id BINARY(16),
    sha256 BINARY(32),
    version BIGINT NOT NULL DEFAULT 1,
    state BIGINT NOT NULL DEFAULT 0,
    child_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    modified_by BINARY(16),
    trash_id BINARY(16),
    trashed_at BIGINT,
    trashed_by BINARY(16),
    trash_parent_id BINARY(16)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
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
    entry_id BINARY(16) NOT NULL,
    version BIGINT NOT NULL,
    blob_id BINARY(16) NOT NULL,
    size BIGINT NOT NULL,
    mime VARBINARY(127) NOT NULL,
    sha256 BINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BINARY(16),
    PRIMARY KEY (entry_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX versions_blob ON versions (blob_id);

-- One row a blob file. released_at: when an entry or version let go of it; the sweeper looks whether any is left.
CREATE TABLE blobs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    sha256 BINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    released_at BIGINT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX blobs_released ON blobs (released_at);

-- received is the acknowledged offset: so many bytes are on disk and synced. digest_state belongs to it.
CREATE TABLE uploads (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    space_id BINARY(16) NOT NULL,
    parent_id BINARY(16) NOT NULL,
    name VARBINARY(255) NOT NULL,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL DEFAULT 0,
    sha256 BINARY(32),
    on_conflict VARBINARY(16) NOT NULL,
    metadata TEXT NOT NULL,
    digest_state VARBINARY(512),
    entry_id BINARY(16),
    holder BINARY(16),
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX uploads_user ON uploads (user_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

CREATE TABLE leases (
    name VARBINARY(255) NOT NULL PRIMARY KEY,
    owner BINARY(16) NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE nodes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARBINARY(255) NOT NULL,
    version VARBINARY(64) NOT NULL,
    state VARBINARY(16) NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE audit (
    id BINARY(16) NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id BINARY(16),
    username VARBINARY(255) NOT NULL,
    action VARBINARY(64) NOT NULL,
    target VARBINARY(1024) NOT NULL,
    target_id BINARY(16),
    address VARBINARY(64) NOT NULL,
    detail TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_target ON audit (target_id, id);
