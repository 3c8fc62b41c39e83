// Makes bidirectional control characters visible. In a name they reverse the letters after them: "invoice
// \u202egnp.exe" looks like a picture. Wherever the app shows text they become a mark without effect; form fields and
// contents of files stay as they are.
import { h, options, type ComponentChild, type VNode } from 'preact';

const controls = /[\u202a-\u202e\u2066-\u2069]/;
const each = /([\u202a-\u202e\u2066-\u2069])/;
const untouched = new Set(['pre', 'textarea', 'script', 'style']);
const texts = ['title', 'aria-label', 'placeholder', 'label'];

const codeOf = (control: string): string => `U+${control.charCodeAt(0).toString(16).toUpperCase()}`;

// For plain text: a window's title, an attribute.
export const visibleText = (text: string): string =>
    text
        .split(each)
        .map((part) => (controls.test(part) ? `‹${codeOf(part)}›` : part))
        .join('');

function marked(child: ComponentChild): ComponentChild | ComponentChild[] {
    if (typeof child !== 'string' || !controls.test(child)) return child;
    return child
        .split(each)
        .map((part) => (controls.test(part) ? h('span', { class: 'mark', dir: 'ltr' }, codeOf(part)) : part));
}

export function markControls(vnode: VNode): void {
    if (typeof vnode.type !== 'string' || untouched.has(vnode.type)) return;
    const props = vnode.props as Record<string, unknown> & { children?: ComponentChild | ComponentChild[] };
    const { children } = props;
    if (vnode.type === 'option') {
        if (typeof children === 'string') props.children = visibleText(children);
    } else if (Array.isArray(children)) {
        if (children.some((child) => typeof child === 'string' && controls.test(child)))
            props.children = children.map(marked) as ComponentChild[];
    } else if (typeof children === 'string') {
        props.children = marked(children) as ComponentChild[];
    }
    for (const name of texts) {
        const text = props[name];
        if (typeof text === 'string' && controls.test(text)) props[name] = visibleText(text);
    }
}

// Applies it to everything that Preact renders from now on.
export function watchBidiControls(): void {
    const before = options.vnode?.bind(options);
    options.vnode = (vnode) => {
        markControls(vnode);
        before?.(vnode);
    };
}
