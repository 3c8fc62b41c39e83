-- Where an upload's bytes are. file_id: the file's id in incoming, and then the blob's; NULL: the upload's own.
-- moves_to: its last writer was lost and may still write to that file, so the next one moves the bytes to this one first.
ALTER TABLE uploads ADD COLUMN file_id BINARY(16);
ALTER TABLE uploads ADD COLUMN moves_to BINARY(16);
CREATE INDEX uploads_file ON uploads (file_id);
CREATE INDEX uploads_moves ON uploads (moves_to);
