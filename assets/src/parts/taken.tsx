// "That name is taken": asked once, for one or for all.
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { Button } from './button';
import { Dialog } from './dialog';

export interface Taken {
    name: string;
    folder: string;
    replace: boolean; // whether replacing as a new version is possible
    others: boolean; // whether more of them may come
}

export type Choice = 'replace' | 'keep' | 'skip';

function TakenDialog({ name, folder, replace, others, close }: Taken & { close: (answer?: { choice: Choice; all: boolean }) => void }) {
    const [all, set_all] = useState(false);
    const answer = (choice: Choice) => () => close({ choice, all });
    return (
        <Dialog title={t('taken.title')} on_close={() => close()} narrow>
            <p>{t(replace ? 'taken.ask_upload' : 'taken.ask', { name, folder })}</p>
            {others && (
                <label class="check">
                    <input type="checkbox" checked={all} onChange={(event) => set_all(event.currentTarget.checked)} />
                    <span>{t('taken.all')}</span>
                </label>
            )}
            <div class="dialog-foot stacked">
                {replace && <Button primary autofocus onClick={answer('replace')}>{t('taken.replace')}</Button>}
                <Button primary={!replace} autofocus={!replace} onClick={answer('keep')}>{t('taken.keep')}</Button>
                <Button onClick={answer('skip')}>{t('taken.skip')}</Button>
            </div>
        </Dialog>
    );
}

export async function choose_for_taken(taken: Taken): Promise<{ choice: Choice; all: boolean }> {
    return (await show<{ choice: Choice; all: boolean }>((close) => <TakenDialog {...taken} close={close} />)) ?? { choice: 'skip', all: false };
}
