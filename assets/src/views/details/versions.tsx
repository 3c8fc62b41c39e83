// The versions of a file. Each can be downloaded; older ones can be restored or deleted.
import { useEffect, useState } from 'preact/hooks';
import * as api from '../../api/entries';
import { isAbort } from '../../api/error';
import type { Entry, Version } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { entryArrived } from '../../model/folders';
import { spacesChanged } from '../../model/spaces';
import { showError, offerUndo, showMessage } from '../../model/toasts';
import { IconButton } from '../../components/button';
import { confirm } from '../../model/dialogs';
import { Icon } from '../../components/icon';
import { Badge } from '../../components/badge';
import { When } from '../../components/when';

async function bringBack(entry: Entry, version: Version): Promise<void> {
    try {
        const now = await api.restoreVersion(entry.id, version.version);
        entryArrived(now);
        spacesChanged();
        offerUndo(t('done.version_restored', { n: version.version, name: entry.name }), t('action.undo'), () => {
            api.restoreVersion(entry.id, entry.version).then(entryArrived, (error: unknown) =>
                showError(explain(error)),
            );
        });
    } catch (error) {
        showError(explain(error));
    }
}

async function erase(entry: Entry, version: Version): Promise<boolean> {
    const n = version.version;
    const sure = await confirm({
        title: t('versions.delete', { n }),
        text: t('versions.delete_ask', { n, name: entry.name }),
        yes: t('trash.erase'),
    });
    if (!sure) return false;
    try {
        await api.deleteVersion(entry.id, n);
    } catch (error) {
        showError(explain(error));
        return false;
    }
    spacesChanged();
    showMessage(t('done.version_deleted', { n, name: entry.name }));
    return true;
}

export function Versions({ entry, write }: { entry: Entry; write: boolean }) {
    const [items, setItems] = useState<Version[] | null>(null);
    const [error, setError] = useState<string | null>(null);
    useEffect(() => {
        const stop = new AbortController();
        api.versions(entry.id, stop.signal).then(
            (answer) => setItems(answer.items),
            (error: unknown) => isAbort(error) || setError(explain(error)),
        );
        return () => stop.abort();
    }, [entry.id, entry.version]);
    const remove = async (version: Version): Promise<void> => {
        if (await erase(entry, version))
            setItems((now) => now?.filter((one) => one.version !== version.version) ?? null);
    };
    return (
        <section class="details-part">
            <h3>{t('versions.title')}</h3>
            {error && <p class="note wrong">{error}</p>}
            <ul class="versions">
                {items?.map((version) => (
                    <VersionRow
                        key={version.version}
                        entry={entry}
                        version={version}
                        write={write}
                        remove={() => void remove(version)}
                    />
                ))}
            </ul>
        </section>
    );
}

interface VersionRowProps {
    entry: Entry;
    version: Version;
    write: boolean;
    remove: () => void;
}

function VersionRow({ entry, version, write, remove }: VersionRowProps) {
    const n = version.version;
    const current = n === entry.version;
    return (
        <li>
            <div>
                <p>
                    <When at={version.created_at} /> {current && <Badge tone="accent">{t('versions.current')}</Badge>}
                </p>
                <p class="note">{[size(version.size), version.created_by].filter(Boolean).join(' · ')}</p>
            </div>
            <a
                class="icon-button"
                href={api.versionUrl(entry.id, n)}
                download={entry.name}
                aria-label={t('versions.download', { n })}
                title={t('action.download')}
            >
                <Icon name="download" size={16} />
            </a>
            {write && !current && (
                <IconButton
                    icon="history"
                    size={16}
                    label={t('versions.restore', { n })}
                    onClick={() => void bringBack(entry, version)}
                />
            )}
            {write && !current && (
                <IconButton icon="trash" size={16} label={t('versions.delete', { n })} onClick={remove} />
            )}
        </li>
    );
}
