import assert from 'node:assert/strict';
import test from 'node:test';
import { h, type VNode } from 'preact';
import { markControls, visibleText } from '../../src/components/bidi-controls';
import { nameError } from '../../src/model/names';

const shown = (vnode: VNode): string => {
    markControls(vnode);
    const text = (child: unknown): string => {
        if (Array.isArray(child)) return child.map(text).join('');
        if (typeof child === 'string') return child;
        return child ? `[${text((child as VNode<{ children?: unknown }>).props.children)}]` : '';
    };
    return text((vnode.props as { children?: unknown }).children);
};

test('controls of writing direction are marks wherever text is shown', () => {
    const name = 'invoice \u202egnp.exe';
    assert.equal(shown(h('span', null, name)), 'invoice [U+202E]gnp.exe');
    assert.equal(shown(h('p', null, 'On ', name, '.')), 'On invoice [U+202E]gnp.exe.');
    assert.equal(shown(h('option', null, name)), 'invoice ‹U+202E›gnp.exe');
    assert.equal(visibleText('\u2066a\u2069'), '‹U+2066›a‹U+2069›');
    const link = h('a', { title: name, href: name }, 'x');
    markControls(link as VNode);
    assert.deepEqual(
        [(link.props as { title: string }).title, (link.props as { href: string }).href],
        ['invoice ‹U+202E›gnp.exe', name],
    );
});

test('other text, what is edited and the contents of files stay', () => {
    for (const text of ['año – café.bin', 'שלום\u200f.txt', '']) assert.equal(shown(h('span', null, text)), text);
    assert.equal(shown(h('pre', null, 'a\u202eb')), 'a\u202eb');
    const field = h('input', { value: 'a\u202eb' });
    markControls(field as VNode);
    assert.equal((field.props as { value: string }).value, 'a\u202eb');
});

test('a name in which nothing can be seen is refused before it is sent', () => {
    for (const name of ['\u200b', '\u200b\u200d', '\u202e', ' \u00a0', '\u3164', '\ufe0f'])
        assert.equal(nameError(name), 'empty', JSON.stringify(name));
    for (const name of ['\u200ba', '—', '👩\u200d💻']) assert.equal(nameError(name), null);
});
