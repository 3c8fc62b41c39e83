-- The holder that is asked to release the upload, since its client has come again on another connection.
ALTER TABLE uploads ADD COLUMN wanted BLOB;
CREATE INDEX uploads_wanted ON uploads (wanted);
