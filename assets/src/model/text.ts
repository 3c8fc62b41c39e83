// Detects the encoding of a text from its bytes, and decodes it.

// The encodings to choose from: labels of the Encoding standard, and their names.
export const encodings = {
    'utf-8': 'UTF-8',
    'utf-16le': 'UTF-16 LE',
    'utf-16be': 'UTF-16 BE',
    'windows-1252': 'Windows-1252',
    'iso-8859-15': 'ISO 8859-15',
    'windows-1250': 'Windows-1250',
    'windows-1251': 'Windows-1251',
    'windows-1253': 'Windows-1253',
    shift_jis: 'Shift JIS',
    gb18030: 'GB 18030',
    big5: 'Big5',
    'euc-kr': 'EUC-KR',
} as const;

export type Encoding = keyof typeof encodings;

const lookedAt = 4096; // bytes that are examined for UTF-16 without a byte order mark

// `cut`: more bytes follow, so the last character may be incomplete.
export function encodingOf(bytes: Uint8Array, cut = false): Encoding {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
    const wide = wideEncoding(bytes.subarray(0, lookedAt));
    if (wide) return wide;
    try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
        return 'utf-8';
    } catch {
        return 'windows-1252';
    }
}

// In UTF-16, every second byte of Western text is zero.
function wideEncoding(bytes: Uint8Array): Encoding | null {
    const zeros = [0, 0];
    bytes.forEach((byte, at) => byte === 0 && zeros[at % 2]!++);
    const [even, odd] = zeros as [number, number];
    const many = bytes.length * 0.3;
    if (odd > many && even * 8 < odd) return 'utf-16le';
    return even > many && odd * 8 < even ? 'utf-16be' : null;
}

export const textOf = (bytes: Uint8Array, encoding: Encoding, cut = false): string =>
    new TextDecoder(encoding).decode(bytes, { stream: cut });
