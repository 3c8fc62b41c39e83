-- What a user name looks like, so that none is made to pass for another. NULL: made by a version without it.
ALTER TABLE users ADD COLUMN username_look TEXT;
CREATE INDEX users_look ON users (username_look);
