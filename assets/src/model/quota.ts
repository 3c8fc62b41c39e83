// A limit of bytes, written in GiB; empty is no limit.
const gib = 2 ** 30;
const mostDigits = 10; // after the point: less than a byte

// undefined: not a number that makes sense.
export function quotaBytes(text: string): number | null | undefined {
    const plain = text.trim().replace(',', '.');
    if (!plain) return null;
    const value = Number(plain);
    return Number.isFinite(value) && value >= 0 && value < 2 ** 22 ? Math.round(value * gib) : undefined;
}

// The shortest text that is read as the same limit: one that is saved unchanged changes nothing.
export function quotaText(bytes: number | null): string {
    if (bytes === null) return '';
    for (let digits = 0; digits < mostDigits; ++digits) {
        const text = (bytes / gib).toFixed(digits);
        if (quotaBytes(text) === bytes) return text;
    }
    return (bytes / gib).toFixed(mostDigits);
}
