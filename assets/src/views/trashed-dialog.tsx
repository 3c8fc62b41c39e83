// The dialog of an entry in the trash: its facts, and restore. A file can be opened without restoring it.
import type { ComponentChildren } from 'preact';
import { trashedUrl } from '../api/entries';
import type { Entry, TrashedEntry } from '../api/shapes';
import { size } from '../i18n/format';
import { t } from '../i18n/language';
import { show } from '../model/dialogs';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { When } from '../components/when';

interface Question {
    entry: TrashedEntry;
    wasIn: string;
    write: boolean;
}

// Resolves to 'restore' if the user chose that.
export const showTrashed = ({ entry, wasIn, write }: Question): Promise<'restore' | null> =>
    ask(
        entry,
        write,
        <>
            <div>
                <dt>{t('column.was_in')}</dt>
                <dd>{wasIn}</dd>
            </div>
            <div>
                <dt>{t('column.deleted')}</dt>
                <dd>
                    <When at={entry.trashed_at} />
                </dd>
            </div>
            {entry.trashed_by && (
                <div>
                    <dt>{t('column.deleted_by')}</dt>
                    <dd>{entry.trashed_by}</dd>
                </div>
            )}
        </>,
    );

// The same for a file in a trashed folder.
export const showTrashedFile = (entry: Entry, write: boolean): Promise<'restore' | null> =>
    ask(
        entry,
        write,
        <div>
            <dt>{t('column.modified')}</dt>
            <dd>
                <When at={entry.modified_at} />
            </dd>
        </div>,
    );

async function ask(entry: Entry, write: boolean, facts: ComponentChildren): Promise<'restore' | null> {
    const answer = await show<'restore'>((close) => (
        <Dialog title={entry.name} narrow onClose={() => close()}>
            <dl class="facts">
                {facts}
                {entry.kind === 'file' && (
                    <div>
                        <dt>{t('column.size')}</dt>
                        <dd>{size(entry.size)}</dd>
                    </div>
                )}
            </dl>
            {entry.kind === 'file' && (
                <p class="trashed-links">
                    <a href={trashedUrl(entry.id, 'inline')} target="_blank" rel="noreferrer">
                        {t('trash.open')}
                    </a>{' '}
                    ·{' '}
                    <a href={trashedUrl(entry.id, 'attachment')} download={entry.name}>
                        {t('trash.download')}
                    </a>
                </p>
            )}
            <div class="dialog-foot">
                <Button data-first onClick={() => close()}>
                    {t('action.close')}
                </Button>
                {write && (
                    <Button primary icon="restore" onClick={() => close('restore')}>
                        {t('trash.restore')}
                    </Button>
                )}
            </div>
        </Dialog>
    ));
    return answer ?? null;
}
