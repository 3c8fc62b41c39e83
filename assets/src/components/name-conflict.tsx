// "That name is taken": asked once, for one or for all.
import { useState } from 'preact/hooks';
import type { Entry } from '../api/shapes';
import { dayAndTime, size } from '../i18n/format';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { Button } from './button';
import { Dialog } from './dialog';

// What is known of one of the two that want the name.
export type ConflictSide = Pick<Entry, 'kind'> & Partial<Pick<Entry, 'size' | 'modified_at'>>;

export interface NameConflict {
    name: string;
    folder: string;
    ours: ConflictSide;
    theirs: ConflictSide | null; // null: not known, or gone again
    replace: boolean; // whether replacing as a new version is possible
    others: boolean; // whether more of them may come
}

export type Choice = 'replace' | 'keep' | 'skip';

function question({ name, folder, ours, theirs, replace }: Omit<NameConflict, 'others'>): string {
    if (theirs && theirs.kind !== ours.kind) return t(theirs.kind === 'folder' ? 'conflict.by_folder' : 'conflict.by_file', { name, folder });
    return t(replace ? 'conflict.ask_upload' : 'conflict.ask', { name, folder });
}

// "file · 1.2 MiB · 3 Nov 2026, 14:02"
function Facts({ label, rival }: { label: string; rival: ConflictSide }) {
    const { kind, size: bytes, modified_at: modifiedAt } = rival;
    const facts = [t(kind === 'folder' ? 'conflict.folder' : 'conflict.file'), kind === 'file' && bytes !== undefined ? size(bytes) : '', modifiedAt === undefined ? '' : dayAndTime(modifiedAt)];
    return (
        <>
            <dt>{label}</dt>
            <dd>{facts.filter(Boolean).join(' · ')}</dd>
        </>
    );
}

function NameConflictDialog({ name, folder, ours, theirs, replace, others, close }: NameConflict & { close: (answer?: { choice: Choice; all: boolean }) => void }) {
    const [all, setAll] = useState(false);
    const answer = (choice: Choice) => () => close({ choice, all });
    return (
        <Dialog title={t('conflict.title')} onClose={() => close()} narrow>
            <p>{question({ name, folder, ours, theirs, replace })}</p>
            <dl class="conflict-sides">
                {theirs && <Facts label={t('conflict.theirs')} rival={theirs} />}
                <Facts label={t('conflict.ours')} rival={ours} />
            </dl>
            {others && (
                <label class="check">
                    <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
                    <span>{t('conflict.all')}</span>
                </label>
            )}
            <div class="dialog-foot stacked">
                {replace && <Button primary autofocus onClick={answer('replace')}>{t('conflict.replace')}</Button>}
                <Button primary={!replace} autofocus={!replace} onClick={answer('keep')}>{t('conflict.keep')}</Button>
                <Button onClick={answer('skip')}>{t('conflict.skip')}</Button>
            </div>
        </Dialog>
    );
}

export async function resolveNameConflict(conflict: NameConflict): Promise<{ choice: Choice; all: boolean }> {
    return (await show<{ choice: Choice; all: boolean }>((close) => <NameConflictDialog {...conflict} close={close} />)) ?? { choice: 'skip', all: false };
}
