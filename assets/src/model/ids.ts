// Parses ids from URLs, so that no other text reaches the API as an id.

// The ULID (26 digits of Crockford's base32, 128 bits) in upper case; null: not a ULID.
export function parseId(text: string | null | undefined): string | null {
    return text && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text) ? text.toUpperCase() : null;
}
