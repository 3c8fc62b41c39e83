// Asks for confirmation of what cannot be undone.
import { t } from '../i18n/language';
import type { Confirmation } from '../model/dialogs';
import { Button } from './button';
import { Dialog } from './dialog';

export function ConfirmDialog({
    title,
    text,
    yes,
    danger = true,
    answer,
}: Confirmation & { answer: (yes: boolean) => void }) {
    return (
        <Dialog title={title} narrow onClose={() => answer(false)}>
            <p>{text}</p>
            <div class="dialog-foot">
                <Button data-first onClick={() => answer(false)}>
                    {t('action.cancel')}
                </Button>
                <Button danger={danger} primary={!danger} onClick={() => answer(true)}>
                    {yes}
                </Button>
            </div>
        </Dialog>
    );
}
