// A modal <dialog>. Esc and a press outside close it, unless it is held; the focus then returns to where it was.
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { IconButton } from './button';
import { focusHome } from './home-focus';
import { useLayer } from './use-layer';
import { useMount } from './use-mount';

interface DialogProps {
    title: string;
    onClose: () => void;
    held?: boolean; // closes only by its own buttons: it shows something that is shown once
    narrow?: boolean;
    wide?: boolean;
    children: ComponentChildren;
}

export function Dialog({ title, onClose, held, narrow, wide, children }: DialogProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    const heading = useId();
    const [asked, askAgain] = useState(0);
    useLayer(true, () => (held ? askAgain(asked + 1) : onClose()), asked);
    useMount(() => {
        const before = document.activeElement;
        dialog.current?.showModal();
        const first =
            dialog.current?.querySelector<HTMLElement>('[data-first]') ??
            dialog.current?.querySelector<HTMLElement>('form :is(input, select):enabled');
        first?.focus();
        if (first instanceof HTMLInputElement) first.select();
        return () => giveBackFocus(before);
    });
    return (
        <dialog
            ref={dialog}
            class={`dialog ${narrow ? 'narrow' : ''} ${wide ? 'wide' : ''}`}
            aria-labelledby={heading}
            onCancel={(event) => {
                event.preventDefault();
                if (!held) onClose();
            }}
            // Browsers can close it without a cancel event (a second Esc, Back on a phone).
            onClose={() => (held ? dialog.current?.showModal() : onClose())}
            onMouseDown={(event) => {
                if (event.target === dialog.current && !held) onClose();
            }}
            onKeyDown={(event) => {
                event.stopPropagation();
                if (held && event.key === 'Escape') event.preventDefault();
            }}
        >
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2 id={heading}>{title}</h2>
                    {!held && <IconButton icon="x" label={t('action.close')} onClick={onClose} />}
                </header>
                {children}
            </div>
        </dialog>
    );
}

// If the opener no longer exists (a menu, a deleted row), the list or the page gets the focus.
function giveBackFocus(before: Element | null): void {
    queueMicrotask(() => {
        if (
            document.activeElement &&
            document.activeElement !== document.body &&
            document.contains(document.activeElement)
        )
            return;
        if (before instanceof HTMLElement && before.isConnected && before !== document.body)
            before.focus({ preventScroll: true });
        else focusHome();
    });
}
