import assert from 'node:assert/strict';
import test from 'node:test';
import { encodingOf, textOf, type Encoding } from '../../src/model/text';

const wide = (text: string, big: boolean, mark: boolean): Uint8Array => {
    const units = [...(mark ? '\ufeff' : ''), ...text].flatMap((letter) =>
        [...Array(letter.length).keys()].map((i) => letter.charCodeAt(i)),
    );
    return Uint8Array.from(units.flatMap((unit) => (big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])));
};
const narrow = (text: string): Uint8Array => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the encoding of a text is told by its bytes', () => {
    const said = 'El año que viene: 3 camiones de roble.\r\n';
    const table: [string, Uint8Array, Encoding][] = [
        ['plain', utf8('only ascii\n'), 'utf-8'],
        ['UTF-8', utf8(said), 'utf-8'],
        ['UTF-8 with a mark', utf8('\ufeff' + said), 'utf-8'],
        ['Windows-1252', narrow(said), 'windows-1252'],
        ['UTF-16 LE with a mark', wide(said, false, true), 'utf-16le'],
        ['UTF-16 BE with a mark', wide(said, true, true), 'utf-16be'],
        ['UTF-16 LE', wide(said, false, false), 'utf-16le'],
        ['UTF-16 BE', wide(said, true, false), 'utf-16be'],
        ['Japanese, UTF-16 LE with a mark', wide('倉庫', false, true), 'utf-16le'],
    ];
    for (const [what, bytes, encoding] of table) {
        assert.equal(encodingOf(bytes), encoding, what);
        if (bytes.length > 20 && what !== 'plain') assert.equal(textOf(bytes, encoding), said, what);
    }
});

test('a beginning that ends within a character is still UTF-8', () => {
    const bytes = utf8('año').subarray(0, 2);
    assert.equal(encodingOf(bytes, true), 'utf-8');
    assert.equal(textOf(bytes, 'utf-8', true), 'a');
    assert.equal(encodingOf(bytes), 'windows-1252');
});
