// The bottom bar of a phone: files, New, and the drawer. The actions of a selection replace it.
import { urls } from '../api/url';
import { t } from '../i18n/language';
import { currentSpace, currentFolder } from '../model/current-folder';
import { route } from '../model/route';
import { canWrite, personal } from '../model/spaces';
import { Icon } from '../components/icon';
import { openMenu } from '../components/menu';
import { newMenu } from './folder/new';
import { drawerOpen, inFiles } from './sidebar';

export function PhoneBar() {
    const mine = personal.value;
    const here = currentFolder.value;
    const space = currentSpace.value ?? mine?.id;
    // Where no folder is open, new entries go to the personal space.
    const to = here
        ? canWrite(here.role) && here.folder
        : !inFiles(route.value.page) && mine && { id: mine.root_id, name: t('space.personal') };
    const showNew = (event: MouseEvent): void => {
        const button = event.currentTarget as HTMLElement;
        if (to) openMenu(t('new.label'), newMenu(to, here?.list ?? null), button.getBoundingClientRect(), button);
    };
    return (
        <nav class="phone-bar" aria-label={t('nav.bar')}>
            <a
                href={space ? urls.space(space) : urls.home}
                aria-current={inFiles(route.value.page) ? 'page' : undefined}
            >
                <Icon name="folder" size={20} />
                <span>{t('nav.files')}</span>
            </a>
            <button
                type="button"
                class="new-button"
                aria-label={t('new.label')}
                aria-haspopup="menu"
                disabled={!to}
                onClick={showNew}
            >
                <Icon name="plus" size={22} />
            </button>
            <button
                type="button"
                class="bar-more"
                aria-expanded={drawerOpen.value}
                onClick={() => (drawerOpen.value = true)}
            >
                <Icon name="menu" size={20} />
                <span>{t('action.more')}</span>
            </button>
        </nav>
    );
}
