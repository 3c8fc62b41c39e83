// Asks before what can't be undone, naming the thing; and asks for one line of text.
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { explain } from '../model/error-text';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';

interface Question {
    title: string;
    text: string;
    yes: string;
    danger?: boolean;
}

export async function confirm({ title, text, yes, danger = true }: Question): Promise<boolean> {
    const answer = await show<boolean>((close) => (
        <Dialog title={title} narrow onClose={() => close(false)}>
            <p>{text}</p>
            <div class="dialog-foot">
                <Button data-first onClick={() => close(false)}>{t('action.cancel')}</Button>
                <Button danger={danger} primary={!danger} onClick={() => close(true)}>{yes}</Button>
            </div>
        </Dialog>
    ));
    return answer ?? false;
}

interface Line {
    title: string;
    label: string;
    value?: string;
    yes: string;
    better?: (text: string) => Partial<Record<string, string>>; // what a refusal's code means here
    validate?: (text: string) => string | null;
    save: (text: string) => Promise<unknown>;
}

function LineDialog({ title, label, value = '', yes, better, validate, save, close }: Line & { close: (done?: boolean) => void }) {
    const [text, setText] = useState(value);
    const [wrong, setWrong] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        const found = validate?.(text) ?? null;
        if (found) return setWrong(found);
        setBusy(true);
        try {
            await save(text);
            close(true);
        } catch (error) {
            setWrong(explain(error, better?.(text)));
            setBusy(false);
        }
    };
    return (
        <Dialog title={title} narrow onClose={() => close()}>
            <form onSubmit={submit} noValidate>
                <Field label={label} value={text} first wrong={wrong} autocomplete="off" spellcheck={false} onText={(next) => (setText(next), setWrong(null))} />
                <div class="dialog-foot">
                    <Button onClick={() => close()}>{t('action.cancel')}</Button>
                    <Button primary type="submit" busy={busy}>{yes}</Button>
                </div>
            </form>
        </Dialog>
    );
}

export const askLine = (line: Line): Promise<boolean | undefined> => show<boolean>((close) => <LineDialog {...line} close={close} />);
