// A dialog that asks for one line of text.
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { explain } from '../model/error-text';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';

interface Prompt {
    title: string;
    label: string;
    value?: string;
    yes: string;
    better?: (text: string) => Partial<Record<string, string>>; // texts for error codes
    validate?: (text: string) => string | null;
    save: (text: string) => Promise<unknown>;
}

function TextPrompt({
    title,
    label,
    value = '',
    yes,
    better,
    validate,
    save,
    close,
}: Prompt & { close: (done?: boolean) => void }) {
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
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Field
                    label={label}
                    value={text}
                    first
                    wrong={wrong}
                    autocomplete="off"
                    spellcheck={false}
                    onText={(next) => (setText(next), setWrong(null))}
                />
                <div class="dialog-foot">
                    <Button onClick={() => close()}>{t('action.cancel')}</Button>
                    <Button primary type="submit" busy={busy}>
                        {yes}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

export const promptText = (prompt: Prompt): Promise<boolean | undefined> =>
    show<boolean>((close) => <TextPrompt {...prompt} close={close} />);
