// Where the focus belongs when the element that had it is gone: the page's list or first offer, else the page itself.
import { useEffect } from 'preact/hooks';

export function focusHome(): void {
    const target =
        document.querySelector<HTMLElement>('[data-home-focus]') ?? document.querySelector<HTMLElement>('main');
    target?.focus({ preventScroll: true });
}

// On no element, or on the whole of a page that has nothing better yet.
function isLost(): boolean {
    const now = document.activeElement;
    return now === null || now === document.body || now.tagName === 'MAIN';
}

// Once `ready`, takes the focus unless a person has put it elsewhere or a dialog is open.
export function useHomeFocus(ready: unknown = true): void {
    useEffect(() => {
        if (ready && isLost() && !document.querySelector('dialog[open]')) focusHome();
    }, [ready]);
}
