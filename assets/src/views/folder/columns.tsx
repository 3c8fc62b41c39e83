// The columns of a folder's list.
import { computed } from '@preact/signals';
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import type { Column } from '../../components/items/columns';
import { When } from '../../components/when';

// Computed again when the language changes.
export const folderColumns = computed((): readonly Column<Entry>[] => [
    { name: 'called', label: t('column.name'), sort: 'name', cell: (entry) => entry.name },
    {
        name: 'modified',
        label: t('column.modified'),
        sort: 'modified_at',
        cell: (entry) => <When at={entry.modified_at} />,
    },
    { name: 'by', label: t('column.by'), cell: (entry) => <bdi>{entry.modified_by ?? ''}</bdi> },
    {
        name: 'size',
        label: t('column.size'),
        sort: 'size',
        cell: (entry) => (entry.kind === 'folder' ? '' : size(entry.size)),
    },
]);

export const folderUnder = (entry: Entry) => (
    <>
        {entry.kind === 'file' && <>{size(entry.size)} · </>}
        <When at={entry.modified_at} />
    </>
);
