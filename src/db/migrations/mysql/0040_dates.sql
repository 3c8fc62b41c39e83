-- A file's own date is modified_at, which a client may set; these say when the content came. entries.uploaded_at counts
-- while uploaded_version is the entry's version: a node of a former release replaces a file without it, and the content
-- then came at modified_at. versions.modified_at: NULL is created_at, when the content came.
ALTER TABLE entries ADD COLUMN uploaded_at BIGINT;
ALTER TABLE entries ADD COLUMN uploaded_version BIGINT;
ALTER TABLE versions ADD COLUMN modified_at BIGINT;
-- The date that the file is to have; NULL: when its last byte comes.
ALTER TABLE uploads ADD COLUMN modified_at BIGINT;
