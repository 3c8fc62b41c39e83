-- What a client's creations made, by the keys that it sent with them (Idempotency-Key): the same one sent again makes
-- nothing, and gets the answer of the first. key_hash, request: SHA-256 of the key, and of what was asked for.
CREATE TABLE creation_keys (
    user_id BINARY(16) NOT NULL,
    key_hash BINARY(32) NOT NULL,
    request BINARY(32) NOT NULL,
    upload_id BINARY(16),
    entry_id BINARY(16),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX creation_keys_expiry ON creation_keys (expires_at);
