// A dialog with a form: one submit at a time, errors are shown above the buttons.
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
    save: () => Promise<void>; // closes the dialog on success
    onClose: () => void;
    children: ComponentChildren;
}

export function FormDialog({ title, yes, ready = true, better, save, onClose, children }: FormDialogProps) {
    const [error, setError] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if (!ready) return;
        setBusy(true);
        setError(null);
        try {
            await save();
        } catch (error) {
            setError(explain(error, better));
            setBusy(false);
        }
    };
    return (
        <Dialog title={title} narrow onClose={onClose}>
            <form onSubmit={(event) => void submit(event)} noValidate>
                {children}
                <div role="alert">{error && <p class="form-error">{error}</p>}</div>
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t('action.cancel')}</Button>
                    <Button primary type="submit" busy={busy} disabled={!ready}>
                        {yes}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
