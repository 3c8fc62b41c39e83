// The left part: spaces, trash, administration, the space used, and the person. A drawer on a phone.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Space } from '../api/shapes';
import { choose_language, language, t } from '../i18n/language';
import { current_space } from '../model/place';
import { theme } from '../model/preferences';
import { route, space_path, trash_path } from '../model/route';
import { narrow } from '../model/screen';
import { me } from '../model/session';
import { sign_out } from '../model/sign-out';
import { can_write, personal, space_by_id, space_name, spaces } from '../model/spaces';
import { IconButton } from '../parts/button';
import { Icon, Mark } from '../parts/icon';
import type { IconName } from '../parts/icons';
import { MenuButton, type MenuEntry } from '../parts/menu';
import { Avatar, Meter, used_text } from '../parts/small';
import { new_space } from './admin/space-dialogs';
import { show_shortcuts } from './shortcuts';

export const drawer_open = signal(false);

interface LinkProps {
    href: string;
    icon: IconName;
    text: string;
    on: boolean;
    drop?: { id: string; name: string } | false;
}

const NavLink = ({ href, icon, text, on, drop }: LinkProps) => (
    <li>
        <a href={href} class="nav-link" aria-current={on ? 'page' : undefined} data-drop={drop ? drop.id : undefined} data-drop-name={drop ? drop.name : undefined} title={text}>
            <Icon name={icon} />
            <span>{text}</span>
        </a>
    </li>
);

function person_menu(): MenuEntry[] {
    const next = { system: 'light', light: 'dark', dark: 'system' } as const;
    const icon = ({ system: 'monitor', light: 'sun', dark: 'moon' } as const)[theme.value];
    return [
        { label: t('nav.profile'), icon: 'user', href: '/profile' },
        'line',
        { label: t('theme.now', { theme: t(`theme.${theme.value}`) }), icon, run: () => (theme.value = next[theme.peek()]) },
        { label: language.value === 'en' ? 'Español' : 'English', icon: 'languages', run: () => choose_language(language.peek() === 'en' ? 'es' : 'en') },
        { label: t('shortcuts.title'), icon: 'keyboard', keys: '?', run: show_shortcuts },
        'line',
        { label: t('nav.sign_out'), icon: 'log_out', run: () => void sign_out() },
    ];
}

export function Sidebar() {
    const aside = useRef<HTMLElement>(null);
    const open = drawer_open.value;
    const page = route.value;
    useEffect(() => {
        drawer_open.value = false;
    }, [page]);
    useEffect(() => {
        if (narrow.value && open) aside.current?.querySelector<HTMLElement>('a, button')?.focus();
    }, [open]);
    const close = (): void => {
        drawer_open.value = false;
        document.querySelector<HTMLElement>('.top-head .icon-button')?.focus();
    };
    return (
        <>
            {narrow.value && open && <div class="scrim" onClick={close} />}
            <aside ref={aside} class={`sidebar ${open ? 'open' : ''}`} inert={narrow.value && !open} onKeyDown={(event) => narrow.peek() && event.key === 'Escape' && close()}>
                <div class="brand">
                    <a href="/" class="brand-link" aria-label={t('nav.home')}>
                        <Mark />
                        <span>bodega</span>
                    </a>
                    {narrow.value && <IconButton icon="x" label={t('act.close')} onClick={close} />}
                </div>
                <Places />
                <Foot />
            </aside>
        </>
    );
}

function Places() {
    const page = route.value;
    const here = current_space.value;
    const in_files = ['space', 'folder', 'file', 'home'].includes(page.page);
    const mine = personal.value;
    const team = (spaces.value ?? []).filter((space) => space.kind === 'team');
    const admin = me.value?.role === 'admin';
    const link = (space: Space) => (
        <NavLink key={space.id} href={space_path(space.id)} icon={space.kind === 'personal' ? 'hard_drive' : 'users'} text={space_name(space)} on={in_files && here === space.id} drop={can_write(space.role) && { id: space.root_id, name: space_name(space) }} />
    );
    return (
        <nav class="nav" aria-label={t('nav.label')}>
            <ul>{mine && link(mine)}</ul>
            {(team.length > 0 || admin) && (
                <>
                    <div class="nav-head">
                        <h2>{t('nav.team')}</h2>
                        {admin && <IconButton icon="plus" size={16} label={t('space.new')} onClick={new_space} />}
                    </div>
                    <ul>{team.map(link)}</ul>
                </>
            )}
            <ul class="nav-group">{(here ?? mine) && <NavLink href={trash_path(here ?? mine!.id)} icon="trash" text={t('trash.title')} on={page.page === 'trash'} />}</ul>
            {admin && (
                <>
                    <div class="nav-head">
                        <h2>{t('nav.admin')}</h2>
                    </div>
                    <ul>
                        <NavLink href="/admin/users" icon="user" text={t('users.title')} on={page.page === 'users'} />
                        <NavLink href="/admin/spaces" icon="warehouse" text={t('spaces.title')} on={page.page === 'spaces'} />
                        <NavLink href="/admin/nodes" icon="server" text={t('nodes.title')} on={page.page === 'nodes'} />
                        <NavLink href="/admin/audit" icon="scroll_text" text={t('audit.title')} on={page.page === 'audit'} />
                    </ul>
                </>
            )}
        </nav>
    );
}

function Foot() {
    const space = space_by_id(current_space.value ?? '') ?? personal.value;
    const user = me.value;
    if (!user) return null;
    const quota = space && (space.quota_bytes ?? (space.kind === 'personal' ? user.quota_bytes : null));
    return (
        <div class="sidebar-foot">
            {space && (
                <div class="used">
                    {quota !== null && quota !== undefined && <Meter value={space.used_bytes} of={quota} label={t('used.label', { name: space_name(space) })} />}
                    <p>{used_text(space.used_bytes, quota ?? null)}</p>
                </div>
            )}
            <MenuButton
                label={t('nav.person', { name: user.username })}
                text={
                    <span class="person">
                        <Avatar name={user.username} />
                        <span class="person-name">{user.username}</span>
                        <Icon name="chevron_up" size={16} />
                    </span>
                }
                class="person-button"
                entries={person_menu}
            />
        </div>
    );
}
