-- What a token may do: 'read', 'write' or 'admin'. Those of a version without scopes may do all that their account may.
ALTER TABLE tokens ADD COLUMN scope VARBINARY(16) NOT NULL DEFAULT 'admin';
