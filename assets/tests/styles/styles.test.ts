import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { countFitting } from '../../src/components/overflow-toolbar';
import { splitPath } from '../../src/components/breadcrumbs';

const folder = join(process.cwd(), 'src/styles');
const sheets = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const tokens = readFileSync(join(folder, 'tokens.css'), 'utf8');

type Colour = [red: number, green: number, blue: number, alpha: number];

function colours(selector: string): Map<string, Colour> {
    const block = tokens.slice(tokens.indexOf(selector)).split('}')[0]!;
    const found = new Map<string, Colour>();
    for (const [, name, value] of block.matchAll(/--([\w-]+): ([^;]+);/g)) {
        const hex = /^#([\da-f]{3}|[\da-f]{6})$/.exec(value!)?.[1];
        const parts = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value!);
        if (hex) {
            const six = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
            found.set(name!, [0, 2, 4].map((at) => parseInt(six.slice(at, at + 2), 16)).concat(1) as Colour);
        } else if (parts)
            found.set(name!, [Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4]) / 100]);
    }
    return found;
}

const over = (top: Colour, below: Colour): Colour =>
    [0, 1, 2].map((at) => top[at]! * top[3] + below[at]! * (1 - top[3])).concat(1) as Colour;

function luminance(colour: Colour): number {
    const [red, green, blue] = colour
        .slice(0, 3)
        .map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as [
        number,
        number,
        number,
    ];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Colour, b: Colour): number {
    const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
    return (light + 0.05) / (dark + 0.05);
}

for (const [theme, selector] of [
    ['light', ':root {'],
    ['dark', ":root[data-theme='dark']"],
] as const) {
    const of = colours(selector);
    const get = (name: string): Colour => of.get(name) ?? assert.fail(`no --${name}`);
    const grounds = ['ground', 'side', 'panel', 'surface'];

    test(`${theme}: text is readable on every ground, hovered and pressed`, () => {
        for (const text of ['text', 'soft', 'accent-strong', 'bad', 'good', 'warn']) {
            for (const ground of grounds) assert.ok(contrast(get(text), get(ground)) >= 4.5, `${text} on ${ground}`);
        }
        for (const text of ['text', 'soft']) {
            for (const ground of grounds)
                assert.ok(contrast(get(text), over(get('press'), get(ground))) >= 4.5, `${text} on pressed ${ground}`);
        }
    });

    test(`${theme}: links are readable where there are any`, () => {
        for (const ground of ['ground', 'panel', 'surface'])
            assert.ok(contrast(get('accent'), get(ground)) >= 4.5, ground);
    });

    test(`${theme}: words on tints and fills are readable, edges of fields can be seen`, () => {
        for (const [text, ground] of [
            ['accent-strong', 'chosen'],
            ['text', 'chosen'],
            ['soft', 'chosen'],
            ['on-fill', 'fill'],
            ['on-fill', 'fill-strong'],
            ['on-bad', 'bad'],
            ['bad', 'bad-soft'],
            ['good', 'good-soft'],
            ['warn', 'warn-soft'],
        ] as const) {
            assert.ok(
                contrast(get(text), get(ground)) >= 4.5,
                `${text} on ${ground}: ${contrast(get(text), get(ground))}`,
            );
        }
        for (const ground of grounds)
            assert.ok(contrast(get('field-line'), get(ground)) >= 3, `field-line on ${ground}`);
        assert.ok(contrast(get('accent'), get('ground')) >= 3);
    });

    test(`${theme}: the list is the brightest surface of the frame`, () => {
        for (const chrome of ['side', 'panel']) assert.ok(luminance(get(chrome)) < luminance(get('ground')), chrome);
    });
}

test('two weights, no fetched fonts, and nothing that takes the left for the start', () => {
    for (const [name, text] of sheets) {
        assert.deepEqual([...text.matchAll(/font-weight: (?!400|600)[^;]+/g)].map(String), [], name);
        assert.doesNotMatch(text, /@font-face|url\((?!')/, name);
        assert.deepEqual(
            [
                ...text.matchAll(
                    /(margin|padding|border)-(left|right)|text-align: (left|right)|(?<![-\w])(left|right): /g,
                ),
            ].map(String),
            [],
            name,
        );
    }
});

test('as many actions as fit, beside the button for the rest', () => {
    assert.equal(countFitting([100, 100, 100], 304), 3);
    assert.equal(countFitting([100, 100, 100], 303), 2);
    assert.equal(countFitting([100, 100, 100], 243), 1);
    assert.equal(countFitting([100], 60), 0);
});

test('a long path keeps its first and its last part', () => {
    const steps = ['a', 'b', 'c', 'd', 'e'];
    assert.deepEqual(splitPath(steps, 3), [['a'], ['b', 'c'], ['d', 'e']]);
    assert.deepEqual(splitPath(steps, 1), [['a'], ['b', 'c', 'd', 'e'], []]);
    assert.deepEqual(splitPath(['a', 'b', 'c'], 3), [['a', 'b', 'c'], [], []]);
    assert.deepEqual(splitPath([], 1), [[], [], []]);
});
