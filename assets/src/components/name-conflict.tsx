// "That name is taken": asked once, for one or for all.
import { useState } from 'preact/hooks';
import type { Entry } from '../api/shapes';
import { dayAndTime, size } from '../i18n/format';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { Button } from './button';
import { Dialog } from './dialog';

// What is known of one of the two that want the name.
export type Rival = Pick<Entry, 'kind'> & Partial<Pick<Entry, 'size' | 'modified_at'>>;

export interface Taken {
    name: string;
    folder: string;
    ours: Rival;
    theirs: Rival | null; // null: not known, or gone again
    replace: boolean; // whether replacing as a new version is possible
    others: boolean; // whether more of them may come
}

export type Choice = 'replace' | 'keep' | 'skip';

function question({ name, folder, ours, theirs, replace }: Omit<Taken, 'others'>): string {
    if (theirs && theirs.kind !== ours.kind) return t(theirs.kind === 'folder' ? 'taken.by_folder' : 'taken.by_file', { name, folder });
    return t(replace ? 'taken.ask_upload' : 'taken.ask', { name, folder });
}

// "file · 1.2 MiB · 3 Nov 2026, 14:02"
function Facts({ label, rival }: { label: string; rival: Rival }) {
    const { kind, size: bytes, modified_at: modifiedAt } = rival;
    const facts = [t(kind === 'folder' ? 'taken.folder' : 'taken.file'), kind === 'file' && bytes !== undefined ? size(bytes) : '', modifiedAt === undefined ? '' : dayAndTime(modifiedAt)];
    return (
        <>
            <dt>{label}</dt>
            <dd>{facts.filter(Boolean).join(' · ')}</dd>
        </>
    );
}

function TakenDialog({ name, folder, ours, theirs, replace, others, close }: Taken & { close: (answer?: { choice: Choice; all: boolean }) => void }) {
    const [all, setAll] = useState(false);
    const answer = (choice: Choice) => () => close({ choice, all });
    return (
        <Dialog title={t('taken.title')} onClose={() => close()} narrow>
            <p>{question({ name, folder, ours, theirs, replace })}</p>
            <dl class="rivals">
                {theirs && <Facts label={t('taken.theirs')} rival={theirs} />}
                <Facts label={t('taken.ours')} rival={ours} />
            </dl>
            {others && (
                <label class="check">
                    <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
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

export async function chooseForTaken(taken: Taken): Promise<{ choice: Choice; all: boolean }> {
    return (await show<{ choice: Choice; all: boolean }>((close) => <TakenDialog {...taken} close={close} />)) ?? { choice: 'skip', all: false };
}
