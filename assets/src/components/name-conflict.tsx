// The dialog for a name that exists, for one entry or for all that follow.
import { useState } from 'preact/hooks';
import { dayAndTime, size } from '../i18n/format';
import { t } from '../i18n/language';
import type { Choice, ConflictSide, NameConflict, Resolution } from '../model/dialogs';
import { Button } from './button';
import { Dialog } from './dialog';

function question({ name, folder, ours, theirs, replace }: Omit<NameConflict, 'others'>): string {
    if (theirs && theirs.kind !== ours.kind)
        return t(theirs.kind === 'folder' ? 'conflict.by_folder' : 'conflict.by_file', { name, folder });
    return t(replace ? 'conflict.ask_upload' : 'conflict.ask', { name, folder });
}

// "file · 1.2 MiB · 3 Nov 2026, 14:02"
function Facts({ label, side }: { label: string; side: ConflictSide }) {
    const { kind, size: bytes, modified_at: modifiedAt } = side;
    const facts = [
        t(kind === 'folder' ? 'conflict.folder' : 'conflict.file'),
        kind === 'file' && bytes !== undefined ? size(bytes) : '',
        modifiedAt === undefined ? '' : dayAndTime(modifiedAt),
    ];
    return (
        <>
            <dt>{label}</dt>
            <dd>{facts.filter(Boolean).join(' · ')}</dd>
        </>
    );
}

export function NameConflictDialog({
    name,
    folder,
    ours,
    theirs,
    replace,
    others,
    close,
}: NameConflict & { close: (resolution?: Resolution) => void }) {
    const [all, setAll] = useState(false);
    const answer = (choice: Choice) => () => close({ choice, all });
    return (
        <Dialog title={t('conflict.title')} onClose={() => close()} narrow>
            <p>{question({ name, folder, ours, theirs, replace })}</p>
            <dl class="conflict-sides">
                {theirs && <Facts label={t('conflict.theirs')} side={theirs} />}
                <Facts label={t('conflict.ours')} side={ours} />
            </dl>
            {others && (
                <label class="check">
                    <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
                    <span>{t('conflict.all')}</span>
                </label>
            )}
            <div class="dialog-foot stacked">
                {replace && (
                    <Button primary autofocus onClick={answer('replace')}>
                        {t('conflict.replace')}
                    </Button>
                )}
                <Button primary={!replace} autofocus={!replace} onClick={answer('keep')}>
                    {t('conflict.keep')}
                </Button>
                <Button onClick={answer('skip')}>{t('conflict.skip')}</Button>
            </div>
        </Dialog>
    );
}
