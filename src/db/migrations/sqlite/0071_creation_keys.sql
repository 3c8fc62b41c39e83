-- What a client's creations made, by the keys that it sent with them (Idempotency-Key): the same one sent again makes
-- nothing, and gets the answer of the first. key_hash, request: SHA-256 of the key, and of what was asked for.
CREATE TABLE creation_keys (
    user_id BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    request BLOB NOT NULL,
    upload_id BLOB,
    entry_id BLOB,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key_hash)
) WITHOUT ROWID;
CREATE INDEX creation_keys_expiry ON creation_keys (expires_at);
