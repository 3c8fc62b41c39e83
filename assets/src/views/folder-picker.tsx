// The dialog that chooses a target folder from the tree of all spaces.
import { useState } from 'preact/hooks';
import type { Entry } from '../api/shapes';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { nameErrorText } from '../components/items/rename';
import { promptText } from '../components/text-prompt';
import { useMount } from '../components/use-mount';
import { t, type Key } from '../i18n/language';
import { keyByName } from '../model/actions';
import { show } from '../model/dialogs';
import { addInside, openAt, spaceBranches, visibleBranches, type Branch } from '../model/folder-tree';
import type { Target } from '../model/transfer';
import { FolderTree } from './folder-tree';

interface PickerProps {
    action: 'move' | 'copy' | 'restore';
    entries: readonly Entry[];
    begin: Target | null;
}

type Texts = Record<PickerProps['action'], Key>;

const titles: Texts = { move: 'picker.move', copy: 'picker.copy', restore: 'picker.restore' };
const answers: Texts = { move: 'picker.move_here', copy: 'picker.copy_here', restore: 'picker.restore_here' };

function Picker({ action, entries, begin, close }: PickerProps & { close: (to?: Target) => void }) {
    const [roots] = useState(spaceBranches);
    const [chosen, choose] = useState<Branch | null>(null);
    const moved = new Set(action === 'copy' ? [] : entries.map((entry) => entry.id));
    useMount(() => void openAt(roots, begin).then((found) => found && choose(found)));
    const same = action === 'move' && chosen !== null && entries.every((entry) => entry.parent_id === chosen.id);
    return (
        <Dialog title={t(titles[action], { n: entries.length, name: entries[0]?.name ?? '' })} onClose={() => close()}>
            <FolderTree
                branches={visibleBranches(roots)}
                chosen={chosen}
                moved={moved}
                choose={choose}
                accept={(to) => !same && close(to)}
            />
            <div class="dialog-foot">
                <Button icon="folderPlus" quiet disabled={!chosen} onClick={() => chosen && add(chosen, choose)}>
                    {t('new.folder')}
                </Button>
                <span class="grow" />
                <Button onClick={() => close()}>{t('action.cancel')}</Button>
                <Button
                    primary
                    disabled={!chosen || same}
                    onClick={() => chosen && close({ id: chosen.id, name: chosen.name })}
                >
                    {t(answers[action])}
                </Button>
            </div>
        </Dialog>
    );
}

function add(parent: Branch, choose: (made: Branch) => void): void {
    const key = keyByName();
    void promptText({
        title: t('new.folder'),
        label: t('column.name'),
        yes: t('action.create'),
        validate: nameErrorText,
        save: (name) => addInside(parent, name, key(name)).then(choose),
    });
}

export const chooseFolder = (props: PickerProps): Promise<Target | undefined> =>
    show<Target>((close) => <Picker {...props} close={close} />);
