// Converts a quota between bytes and the text of its field, which is in GiB; empty means no limit.
const gib = 2 ** 30;
const mostDigits = 10; // after the decimal point: finer than a byte

// undefined: not a valid quota.
export function quotaBytes(text: string): number | null | undefined {
    const plain = text.trim().replace(',', '.');
    if (!plain) return null;
    const value = Number(plain);
    return Number.isFinite(value) && value >= 0 && value < 2 ** 22 ? Math.round(value * gib) : undefined;
}

// The shortest text that parses to the same number of bytes, so that saving it unchanged changes nothing.
export function quotaText(bytes: number | null): string {
    if (bytes === null) return '';
    for (let digits = 0; digits < mostDigits; ++digits) {
        const text = (bytes / gib).toFixed(digits);
        if (quotaBytes(text) === bytes) return text;
    }
    return (bytes / gib).toFixed(mostDigits);
}
