// What "New" offers: a folder, files, a whole folder of files.
import { t } from '../../i18n/language';
import { key_by_name, new_folder, type Target } from '../../model/actions';
import type { Pane } from '../../model/list-state';
import { choose_and_upload, upload } from '../../model/uploads/uploads';
import { read_input } from '../../model/uploads/drop';
import { ask_line } from '../../components/confirm';
import { name_fault_text } from '../../components/items/rename';
import type { MenuEntry } from '../../components/menu';

export function ask_new_folder(parent: Target, pane: Pane | null): void {
    const key = key_by_name();
    void ask_line({
        title: t('new.folder'),
        label: t('column.name'),
        yes: t('act.create'),
        fault: name_fault_text,
        better: (name) => ({ name_taken: t('error.name_taken_in', { name, folder: parent.name }) }),
        save: (name) => new_folder(parent, name, pane, key(name)),
    });
}

// The input stays in the page while the browser's chooser is open: some browsers drop it otherwise.
function choose(to: Target, whole_folder: boolean): void {
    document.getElementById('chooser')?.remove();
    const input = document.createElement('input');
    input.id = 'chooser';
    input.type = 'file';
    input.multiple = true;
    input.className = 'unseen';
    input.tabIndex = -1;
    input.setAttribute('aria-hidden', 'true');
    input.webkitdirectory = whole_folder;
    input.addEventListener('change', () => {
        if (input.files?.length) upload(read_input(input.files), to);
        input.remove();
    });
    document.body.append(input);
    input.click();
}

export const upload_files = (to: Target): void => void choose_and_upload(to, () => choose(to, false));
export const upload_folder = (to: Target): void => choose(to, true);

export function new_menu(to: Target, pane: Pane | null): MenuEntry[] {
    return [
        { label: t('new.folder'), icon: 'folder_plus', run: () => ask_new_folder(to, pane) },
        'line',
        { label: t('new.files'), icon: 'upload', run: () => upload_files(to) },
        { label: t('new.upload_folder'), icon: 'folder_up', run: () => upload_folder(to) },
    ];
}
