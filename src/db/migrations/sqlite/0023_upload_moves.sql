-- How far an upload's bytes are copied to the file moves_to: so many of them are on the disk. They are those of
-- synced_file: a node of the former version, which gives moves_to another value, knows nothing of the two.
ALTER TABLE uploads ADD COLUMN synced_file BLOB;
ALTER TABLE uploads ADD COLUMN synced INTEGER NOT NULL DEFAULT 0;
