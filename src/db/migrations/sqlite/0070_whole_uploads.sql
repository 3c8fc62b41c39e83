-- An upload whose bytes are all on the disk and that could not become a file yet, for its name was taken, say: it waits
-- for a decision. whole_sha256: of its bytes; it counts as long as whole_fence = fence, so a holder of a version that
-- does not know these columns ends that by taking the upload.
ALTER TABLE uploads ADD COLUMN whole_sha256 BLOB;
ALTER TABLE uploads ADD COLUMN whole_fence INTEGER;
