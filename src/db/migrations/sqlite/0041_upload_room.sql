-- Unfinished uploads count against the quota of their folder's space.
CREATE INDEX uploads_space ON uploads (space_id);
