// A dialog with a form: one submit at a time, a refusal shown above the buttons.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { explain } from '../model/error-text';
import { Button } from './button';
import { Dialog } from './dialog';

interface FormDialogProps {
    title: string;
    yes: string;
    ready?: boolean;
    better?: Partial<Record<string, string>>;
    save: () => Promise<void>; // closes the dialog itself when it worked
    on_close: () => void;
    children: ComponentChildren;
}

export function FormDialog({ title, yes, ready = true, better, save, on_close, children }: FormDialogProps) {
    const [fault, set_fault] = useState<string | null>(null);
    const [busy, set_busy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if (!ready) return;
        set_busy(true);
        set_fault(null);
        try {
            await save();
        } catch (error) {
            set_fault(explain(error, better));
            set_busy(false);
        }
    };
    return (
        <Dialog title={title} narrow on_close={on_close}>
            <form onSubmit={submit} noValidate>
                {children}
                <div role="alert">{fault && <p class="gate-fault">{fault}</p>}</div>
                <div class="dialog-foot">
                    <Button onClick={on_close}>{t('act.cancel')}</Button>
                    <Button primary type="submit" busy={busy} disabled={!ready}>{yes}</Button>
                </div>
            </form>
        </Dialog>
    );
}
