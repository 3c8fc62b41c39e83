-- Browsers that have signed in to an account: others' failed sign-ins do not lock them out. hash: of a cookie's secret,
-- which may serve several accounts.
CREATE TABLE devices (
    hash BINARY(32) NOT NULL,
    user_id BINARY(16) NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (hash, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX devices_user ON devices (user_id, seen_at);
CREATE INDEX devices_expiry ON devices (expires_at);
