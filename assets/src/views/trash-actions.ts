// Restores entries from the trash, or deletes them permanently: one by a call, several by a job.
import * as api from '../api/entries';
import { isApiError } from '../api/error';
import type { Entry } from '../api/shapes';
import { t } from '../i18n/language';
import { withFreeName } from '../model/actions';
import { eraseMany, restoreMany } from '../model/bulk-actions';
import { explain } from '../model/error-text';
import { entryArrived } from '../model/folders';
import type { ListState } from '../model/list-state';
import { spacesChanged } from '../model/spaces';
import { showError, showMessage } from '../model/toasts';
import { confirm } from '../model/dialogs';
import { chooseFolder } from './folder-picker';

// Restores to the former folder, with a number if the name exists there, or to a folder that the user chooses.
async function restoreOne(entry: Entry): Promise<Entry> {
    try {
        return await api.restore(entry.id);
    } catch (error) {
        if (isApiError(error, 'name_taken')) return withFreeName(entry, (name) => api.restore(entry.id, { name }));
        if (!isApiError(error, 'conflict')) throw error;
    }
    const to = await chooseFolder({ action: 'restore', entries: [entry], begin: null });
    if (!to) throw new DOMException('never mind', 'AbortError');
    return api.restore(entry.id, { parent_id: to.id });
}

export async function restore<T extends Entry>(list: ListState<T>, entries: readonly T[]): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    if (entries.length > 1)
        return restoreMany(
            list.pages,
            entries,
            async (homeless) => (await chooseFolder({ action: 'restore', entries: homeless, begin: null })) ?? null,
        );
    const removal = list.pages.begin(new Set([entry.id]));
    try {
        const back = await restoreOne(entry);
        removal.end();
        entryArrived(back);
        spacesChanged();
        showMessage(
            back.name === entry.name
                ? t('done.restored', { n: 1, name: back.name })
                : t('done.restored_as', { name: back.name }),
        );
    } catch (error) {
        removal.end(new Set([entry.id]));
        if (!(error instanceof DOMException)) showError(explain(error));
    }
}

export async function erase<T extends Entry>(list: ListState<T>, entries: readonly T[]): Promise<void> {
    const [entry] = entries;
    if (!entry) return;
    const sure = await confirm({
        title: t('trash.erase'),
        text: t('trash.erase_ask', { n: entries.length, name: entry.name }),
        yes: t('trash.erase'),
    });
    if (!sure) return;
    if (entries.length > 1) return eraseMany(list.pages, entries);
    const removal = list.pages.begin(new Set([entry.id]));
    try {
        await api.erase(entry.id);
        removal.end();
        spacesChanged();
        showMessage(t('done.erased', { n: 1, name: entry.name }));
    } catch (error) {
        removal.end(new Set([entry.id]));
        showError(explain(error));
    }
}
