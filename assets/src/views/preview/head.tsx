// The header of a preview: the file's name, details, download.
import { contentUrl } from '../../api/entries';
import type { Entry } from '../../api/shapes';
import { IconButton } from '../../components/button';
import { Icon } from '../../components/icon';
import { Name } from '../../components/name';
import { When } from '../../components/when';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { currentFolder } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';

interface HeadProps {
    entry: Entry | null;
    beside: { at: number; of: number };
    close: () => void;
}

export function PreviewHead({ entry, beside, close }: HeadProps) {
    return (
        <header class="preview-head">
            <IconButton icon="x" label={t('action.close')} onClick={close} />
            {entry && <Title entry={entry} beside={beside} />}
            {entry && currentFolder.value && <DetailsButton id={entry.id} close={close} />}
            {entry && (
                <a
                    class="icon-button"
                    href={contentUrl(entry, 'attachment')}
                    download={entry.name}
                    aria-label={t('action.download')}
                    title={t('action.download')}
                >
                    <Icon name="download" />
                </a>
            )}
        </header>
    );
}

function Title({ entry, beside: { at, of } }: { entry: Entry; beside: { at: number; of: number } }) {
    return (
        <div class="preview-title">
            <h2>
                <Name name={entry.name} />
            </h2>
            <p>
                {size(entry.size)} · <When at={entry.modified_at} />
                {of > 1 && at >= 0 && <> · {t('preview.place', { at: at + 1, of })}</>}
            </p>
        </div>
    );
}

function DetailsButton({ id, close }: { id: string; close: () => void }) {
    const show = (): void => {
        close();
        currentFolder.peek()?.list.select(id);
        detailsOpen.value = true;
    };
    return <IconButton icon="info" label={t('details.title')} onClick={show} />;
}
