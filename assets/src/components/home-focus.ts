// Moves the focus when the element that had it no longer exists: to the page's list or main action, else to the page.
import { useEffect } from 'preact/hooks';

export function focusHome(): void {
    const target =
        document.querySelector<HTMLElement>('[data-home-focus]') ?? document.querySelector<HTMLElement>('main');
    target?.focus({ preventScroll: true });
}

// Whether the focus is on no element, or on the page itself.
function isLost(): boolean {
    const now = document.activeElement;
    return now === null || now === document.body || now.tagName === 'MAIN';
}

// When `ready`, takes the focus, unless it is on another element or a dialog is open.
export function useHomeFocus(ready: unknown = true): void {
    useEffect(() => {
        if (ready && isLost() && !document.querySelector('dialog[open]')) focusHome();
    }, [ready]);
}
