// File names: their parts, their order, their validity, and the next free name.

// Accents that the server ignores. Vowel signs of other scripts distinguish words and are kept.
const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

// Approximates Unicode case folding of one character: "ß" is "ss", all sigmas are equal, "ı" stays.
const withoutCase = (letter: string): string => (letter === 'ı' ? letter : letter.toUpperCase().toLowerCase());

// The form of a name for searching: case, width and accents folded (NFKC_Casefold without accents).
export function fold(name: string): string {
    if (/^[\x20-\x7e]*$/.test(name)) return name.toLowerCase();
    const letters = name.normalize('NFKD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
    return [...letters]
        .map(withoutCase)
        .join('')
        .normalize('NFKD')
        .replace(accents, '')
        .normalize('NFC')
        .replaceAll('/', '\u2044');
}

// The sort key of a name, as on the server: folded, and each run of digits preceded by its length (without leading
// zeros), so that "img2" comes before "img10".
export const sortKey = (name: string): string =>
    fold(name).replace(
        /\d+/g,
        (digits) => '/' + String.fromCharCode(1 + Math.min(30, digits.replace(/^0+/, '').length)) + digits,
    );

// Compares by code points, as UTF-8 bytes do; JavaScript's < compares UTF-16 units.
export function compareKeys(a: string, b: string): number {
    let at = 0;
    while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
    if (at >= a.length || at >= b.length) return a.length - b.length;
    return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

// Surrogates stand for the highest code points.
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

const double = /\.(tar\.\w{1,4}|d\.ts|min\.js|min\.css)$/i;

// "Informe.tar.gz" → ["Informe", ".tar.gz"]; a leading dot starts no extension.
export function splitName(name: string): [stem: string, extension: string] {
    const twin = double.exec(name);
    if (twin && twin.index > 0) return [name.slice(0, twin.index), twin[0]];
    const dot = name.lastIndexOf('.');
    return dot > 0 && dot < name.length - 1 && name.length - dot <= 12
        ? [name.slice(0, dot), name.slice(dot)]
        : [name, ''];
}

// "Informe.pdf" → "Informe (2).pdf" → "Informe (3).pdf"; never more than 255 bytes.
export function nextName(name: string, isFolder = false): string {
    const [stem, extension] = isFolder ? [name, ''] : splitName(name);
    const numbered = /^(.*) \((\d{1,6})\)$/s.exec(stem);
    const base = numbered?.[1] ?? stem;
    const suffix = ` (${numbered ? Number(numbered[2]) + 1 : 2})${extension}`;
    return shortened(base, 255 - bytes(suffix)) + suffix;
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function shortened(text: string, limit: number): string {
    const letters = [...text];
    while (letters.length && bytes(letters.join('')) > limit) letters.pop();
    return letters.join('').trimEnd();
}

// Scripts whose words can be cut anywhere. Letters of other scripts join, or run from right to left.
const apart =
    /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}]*$/u;

const graphemes = typeof Intl.Segmenter === 'undefined' ? null : new Intl.Segmenter();
const lettersOf = (text: string): string[] =>
    graphemes && !/^[\x20-\x7e]*$/.test(text) ? [...graphemes.segment(text)].map(({ segment }) => segment) : [...text];

// Splits a name so that its end stays visible when it is shortened: the extension and a little before it.
export function nameHalves(name: string, isFolder = false): [head: string, tail: string] {
    const [stem, extension] = isFolder ? [name, ''] : splitName(name);
    if (!apart.test(name)) return apart.test(extension) ? [stem, extension] : [name, ''];
    const letters = lettersOf(stem);
    const keep = Math.min(4, Math.max(0, letters.length - 8));
    const cut = letters.length - keep;
    return [letters.slice(0, cut).join(''), letters.slice(cut).join('') + extension];
}

export type NameError = 'empty' | 'dots' | 'characters' | 'long';

// Why the server would refuse a name; null: it is valid.
export function nameError(name: string): NameError | null {
    if (!/[^\s\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]/u.test(name))
        return 'empty';
    if (name === '.' || name === '..') return 'dots';
    if (/[/\p{Cc}]/u.test(name)) return 'characters';
    return bytes(name.normalize('NFC')) > 255 ? 'long' : null;
}
