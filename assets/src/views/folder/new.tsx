// The menu "New": a folder, upload files, upload a folder.
import { t } from '../../i18n/language';
import { keyByName, newFolder } from '../../model/actions';
import type { Target } from '../../model/transfer';
import type { ListState } from '../../model/list-state';
import { chooseAndUpload, upload } from '../../model/uploads/uploads';
import { readInput } from '../../model/uploads/drop';
import { promptText } from '../../components/text-prompt';
import { nameErrorText } from '../../components/items/rename';
import type { MenuEntry } from '../../components/menu';

export function askNewFolder(parent: Target, list: ListState | null): void {
    const key = keyByName();
    void promptText({
        title: t('new.folder'),
        label: t('column.name'),
        yes: t('action.create'),
        validate: nameErrorText,
        better: (name) => ({ name_taken: t('error.name_taken_in', { name, folder: parent.name }) }),
        save: (name) => newFolder(parent, name, list, key(name)),
    });
}

// The input stays in the DOM while the file chooser is open: some browsers ignore the choice otherwise.
function choose(to: Target, wholeFolder: boolean): void {
    document.getElementById('chooser')?.remove();
    const input = document.createElement('input');
    input.id = 'chooser';
    input.type = 'file';
    input.multiple = true;
    input.className = 'unseen';
    input.tabIndex = -1;
    input.setAttribute('aria-hidden', 'true');
    input.webkitdirectory = wholeFolder;
    input.addEventListener('change', () => {
        if (input.files?.length) upload(readInput(input.files), to);
        input.remove();
    });
    document.body.append(input);
    input.click();
}

export const uploadFiles = (to: Target): void => void chooseAndUpload(to, () => choose(to, false));
export const uploadFolder = (to: Target): void => choose(to, true);

export function newMenu(to: Target, list: ListState | null): MenuEntry[] {
    return [
        { label: t('new.folder'), icon: 'folderPlus', run: () => askNewFolder(to, list) },
        'line',
        { label: t('new.files'), icon: 'upload', run: () => uploadFiles(to) },
        { label: t('new.upload_folder'), icon: 'folderUp', run: () => uploadFolder(to) },
    ];
}
