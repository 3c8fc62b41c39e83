// A modal question (<dialog>): focus goes in, Esc and the scrim close it, focus goes back after it.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/language';
import { dialogs } from '../model/dialogs';
import { IconButton } from './button';

interface DialogProps {
    title: string;
    on_close: () => void;
    narrow?: boolean;
    wide?: boolean;
    children: ComponentChildren;
}

export function Dialog({ title, on_close, narrow, wide, children }: DialogProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    const heading = useId();
    useEffect(() => {
        const before = document.activeElement;
        dialog.current?.showModal();
        const first = dialog.current?.querySelector<HTMLElement>('[data-first]');
        first?.focus();
        if (first instanceof HTMLInputElement) first.select();
        return () => give_back_focus(before);
    }, []);
    return (
        <dialog
            ref={dialog}
            class={`dialog ${narrow ? 'narrow' : ''} ${wide ? 'wide' : ''}`}
            aria-labelledby={heading}
            onCancel={(event) => {
                event.preventDefault();
                on_close();
            }}
            onMouseDown={(event) => {
                if (event.target === dialog.current) on_close();
            }}
            onKeyDown={(event) => event.stopPropagation()}
        >
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2 id={heading}>{title}</h2>
                    <IconButton icon="x" label={t('act.close')} onClick={on_close} />
                </header>
                {children}
            </div>
        </dialog>
    );
}

// The opener may be gone (a menu, a deleted row): then the list, or the page, takes the focus.
function give_back_focus(before: Element | null): void {
    queueMicrotask(() => {
        if (document.activeElement && document.activeElement !== document.body && document.contains(document.activeElement)) return;
        const target = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : document.querySelector<HTMLElement>('[data-home-focus]');
        target?.focus({ preventScroll: true });
    });
}

export function Dialogs() {
    return <>{dialogs.value.map(({ id, view }) => <DialogSlot key={id}>{view}</DialogSlot>)}</>;
}

const DialogSlot = ({ children }: { children: ComponentChildren }) => <>{children}</>;
