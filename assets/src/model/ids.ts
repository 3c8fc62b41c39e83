// Ids as they come from an address bar: parsed where they come in, so that nothing else is ever taken for one.

// A ULID (26 digits of Crockford's base32, 128 bits) in capitals; null: it is none.
export function parseId(text: string | null | undefined): string | null {
    return text && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text) ? text.toUpperCase() : null;
}
