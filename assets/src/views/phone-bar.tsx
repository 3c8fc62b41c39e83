// A phone's bar under the thumb: files, New, and the drawer with all else. The actions of a selection take its place.
import { t } from '../i18n/language';
import { current_space, place } from '../model/current-folder';
import { route, space_path } from '../model/route';
import { can_write, personal } from '../model/spaces';
import { Icon } from '../components/icon';
import { open_menu } from '../components/menu';
import { new_menu } from './folder/new';
import { drawer_open, in_files } from './sidebar';

export function PhoneBar() {
    const mine = personal.value;
    const here = place.value;
    const space = current_space.value ?? mine?.id;
    // Where no folder is open, what is new goes to one's own space.
    const to = here ? can_write(here.role) && here.folder : !in_files(route.value.page) && mine && { id: mine.root_id, name: t('space.personal') };
    const show_new = (event: MouseEvent): void => {
        const button = event.currentTarget as HTMLElement;
        if (to) open_menu(t('new.label'), new_menu(to, here?.pane ?? null), button.getBoundingClientRect(), button);
    };
    return (
        <nav class="phone-bar" aria-label={t('nav.bar')}>
            <a href={space ? space_path(space) : '/'} aria-current={in_files(route.value.page) ? 'page' : undefined}>
                <Icon name="folder" size={20} />
                <span>{t('nav.files')}</span>
            </a>
            <button type="button" class="new-button" aria-label={t('new.label')} aria-haspopup="menu" disabled={!to} onClick={show_new}>
                <Icon name="plus" size={22} />
            </button>
            <button type="button" class="bar-more" aria-expanded={drawer_open.value} onClick={() => (drawer_open.value = true)}>
                <Icon name="menu" size={20} />
                <span>{t('act.more')}</span>
            </button>
        </nav>
    );
}
