// The global keyboard shortcuts, and the dialog that lists all shortcuts.
import { t, type Key } from '../i18n/language';
import { dialogs, show } from '../model/dialogs';
import { currentFolder } from '../model/current-folder';
import { previewed } from '../model/route';
import { canWrite } from '../model/spaces';
import { Dialog } from '../components/dialog';
import { askNewFolder, uploadFiles } from './folder/new';
import { focusSearch } from './search-field';

const groups: [Key, [keys: string[], what: Key][]][] = [
    [
        'shortcuts.everywhere',
        [
            [['/'], 'search.label'],
            [['?'], 'shortcuts.title'],
            [['Esc'], 'shortcuts.escape'],
        ],
    ],
    [
        'shortcuts.walk',
        [
            [['↑', '↓'], 'shortcuts.arrows'],
            [['Home', 'End'], 'shortcuts.ends'],
            [['a…z'], 'shortcuts.type'],
            [['Enter'], 'action.open'],
            [['⌫'], 'shortcuts.up'],
        ],
    ],
    [
        'shortcuts.select',
        [
            [['Shift', '↑↓'], 'shortcuts.extend'],
            [['Ctrl', '↑↓'], 'shortcuts.keep'],
            [['Space'], 'shortcuts.toggle'],
            [['Ctrl', 'A'], 'shortcuts.all'],
        ],
    ],
    [
        'shortcuts.change',
        [
            [['F2'], 'action.rename'],
            [['Del'], 'action.trash'],
            [['Ctrl', 'C'], 'action.copy'],
            [['Ctrl', 'X'], 'action.cut'],
            [['Ctrl', 'V'], 'action.paste'],
            [['Shift', 'N'], 'new.folder'],
            [['Shift', 'U'], 'new.files'],
        ],
    ],
];

// Keys whose names depend on the language.
const named: Partial<Record<string, Key>> = {
    Del: 'key.delete',
    End: 'key.end',
    Enter: 'key.enter',
    Home: 'key.home',
    Shift: 'key.shift',
    Space: 'key.space',
};

export function showShortcuts(): void {
    void show((close) => (
        <Dialog title={t('shortcuts.title')} wide onClose={() => close()}>
            <div class="shortcuts">
                {groups.map(([heading, rows]) => (
                    <section key={heading}>
                        <h3>{t(heading)}</h3>
                        <dl>
                            {rows.map(([keys, what]) => (
                                <div key={what}>
                                    <dt>{t(what)}</dt>
                                    <dd>
                                        {keys.map((key) => (
                                            <kbd key={key}>{named[key] ? t(named[key]) : key}</kbd>
                                        ))}
                                    </dd>
                                </div>
                            ))}
                        </dl>
                    </section>
                ))}
            </div>
        </Dialog>
    ));
}

function onKey(event: KeyboardEvent): void {
    if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        dialogs.peek().length ||
        previewed.peek()
    )
        return;
    if ((event.target as Element).closest?.('input, textarea, select, [role="menu"]')) return;
    const here = currentFolder.peek();
    if (event.key === '/') focusSearch();
    else if (event.key === '?') showShortcuts();
    else if (event.key === 'N' && event.shiftKey && here && canWrite(here.role)) askNewFolder(here.folder, here.list);
    else if (event.key === 'U' && event.shiftKey && here && canWrite(here.role)) uploadFiles(here.folder);
    else return;
    event.preventDefault();
}

// The result stops it. Capturing, so that Shift+N takes precedence over the list's type-ahead.
export function watchShortcuts(): () => void {
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
}
