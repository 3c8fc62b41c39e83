// Stands where a preview would, for files that have no preview.
import { contentUrl } from '../../api/entries';
import type { Entry } from '../../api/shapes';
import { KindIcon } from '../../components/icon';
import { t } from '../../i18n/language';
import { fileKind } from '../../model/kinds';

export function NoPreview({ entry, why }: { entry: Entry; why: string }) {
    return (
        <div class="preview-none">
            <KindIcon kind={fileKind(entry)} size={64} />
            <p>{why}</p>
            <a class="button primary" href={contentUrl(entry, 'attachment')} download={entry.name}>
                {t('action.download')}
            </a>
        </div>
    );
}
