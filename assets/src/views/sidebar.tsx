// The sidebar: spaces, trash, administration, used space and the user's menu. Only icons in a small window, a drawer on
// a phone.
import { urls } from '../api/url';
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Space } from '../api/shapes';
import { chooseLanguage, language, t } from '../i18n/language';
import { currentSpace } from '../model/current-folder';
import { theme } from '../model/preferences';
import { isAdministration, route, type Route } from '../model/route';
import { narrow } from '../model/screen';
import { me } from '../model/session';
import { signOut } from '../model/sign-out';
import { canWrite, personal, spaceById, spaceName, spaces } from '../model/spaces';
import { IconButton } from '../components/button';
import { Icon, Mark, Wordmark } from '../components/icon';
import { useLayer } from '../components/use-layer';
import { MenuButton, type MenuEntry } from '../components/menu';
import { Avatar } from '../components/avatar';
import { Meter, usedText } from '../components/meter';
import { AdminNav, rememberFilesPage } from './admin/admin-nav';
import { newSpace } from './admin/space-dialogs';
import { NavLink } from './nav-link';
import { RailTip } from './rail-tip';
import { showShortcuts } from './shortcuts';

export const drawerOpen = signal(false);

const spacesShown = 8;

export const inFiles = (page: Route['page']): boolean => ['space', 'folder', 'file', 'home'].includes(page);

function personMenu(): MenuEntry[] {
    const next = { system: 'light', light: 'dark', dark: 'system' } as const;
    const icon = ({ system: 'monitor', light: 'sun', dark: 'moon' } as const)[theme.value];
    return [
        { label: t('nav.profile'), icon: 'user', href: urls.profile },
        'line',
        {
            label: t('theme.now', { theme: t(`theme.${theme.value}`) }),
            icon,
            run: () => (theme.value = next[theme.peek()]),
        },
        {
            label: language.value === 'en' ? 'Español' : 'English',
            icon: 'languages',
            run: () => chooseLanguage(language.peek() === 'en' ? 'es' : 'en'),
        },
        { label: t('shortcuts.title'), icon: 'keyboard', keys: '?', run: showShortcuts },
        'line',
        { label: t('nav.sign_out'), icon: 'logOut', run: () => void signOut() },
    ];
}

export function Sidebar() {
    const aside = useRef<HTMLElement>(null);
    const open = drawerOpen.value;
    const page = route.value;
    const close = (): void => {
        drawerOpen.value = false;
        document.querySelector<HTMLElement>('.bar-more')?.focus();
    };
    useLayer(open, close);
    useEffect(() => {
        drawerOpen.value = false;
        rememberFilesPage();
    }, [page]);
    useEffect(() => {
        if (narrow.value && open) aside.current?.querySelector<HTMLElement>('a, button')?.focus();
    }, [open]);
    return (
        <>
            {narrow.value && open && <div class="scrim" aria-hidden="true" onClick={close} />}
            <aside
                ref={aside}
                class={`sidebar ${open ? 'open' : ''}`}
                inert={narrow.value && !open}
                onKeyDown={(event) => narrow.peek() && event.key === 'Escape' && close()}
            >
                <div class="brand">
                    <a href={urls.home} class="brand-link" aria-label={t('nav.home')} data-tip={t('nav.home')}>
                        <Mark />
                        <Wordmark />
                    </a>
                    {narrow.value && <IconButton icon="x" label={t('action.close')} onClick={close} />}
                </div>
                {isAdministration(page.page) && me.value?.role === 'admin' ? (
                    <AdminNav page={page.page} />
                ) : (
                    <FilesNav />
                )}
                <Foot />
            </aside>
            <RailTip />
        </>
    );
}

function FilesNav() {
    const page = route.value;
    const here = currentSpace.value;
    const mine = personal.value;
    const admin = me.value?.role === 'admin';
    const link = (space: Space) => (
        <NavLink
            key={space.id}
            href={urls.space(space.id)}
            mark={<Avatar of="space" name={spaceName(space)} small />}
            text={spaceName(space)}
            on={inFiles(page.page) && here === space.id}
            drop={canWrite(space.role) && { id: space.root_id, name: spaceName(space) }}
        />
    );
    return (
        <nav class="nav" aria-label={t('nav.label')}>
            <ul>{mine && link(mine)}</ul>
            <TeamSpaces link={link} admin={admin} />
            <ul class="nav-group">
                {(here ?? mine) && (
                    <NavLink
                        href={urls.trash(here ?? mine!.id)}
                        mark={<Icon name="trash" />}
                        text={t('trash.title')}
                        on={page.page === 'trash'}
                    />
                )}
                {admin && <NavLink href={urls.users} mark={<Icon name="settings" />} text={t('nav.admin')} />}
            </ul>
        </nav>
    );
}

// The first few team spaces and the open one; the rest on demand.
function TeamSpaces({ link, admin }: { link: (space: Space) => ComponentChildren; admin: boolean }) {
    const [all, setAll] = useState(false);
    const team = (spaces.value ?? []).filter((space) => space.kind === 'team');
    if (!team.length && !admin) return null;
    const shown =
        all || team.length <= spacesShown
            ? team
            : team.filter((space, at) => at < spacesShown || space.id === currentSpace.value);
    return (
        <>
            <div class="nav-head">
                <h2>{t('nav.team')}</h2>
                {admin && <IconButton icon="plus" size={16} label={t('space.new')} onClick={() => void newSpace()} />}
            </div>
            <ul>
                {shown.map(link)}
                {team.length > spacesShown && (
                    <li>
                        <button
                            type="button"
                            class="nav-link"
                            aria-expanded={all}
                            data-tip={t(all ? 'nav.fewer' : 'nav.all', { n: team.length })}
                            onClick={() => setAll(!all)}
                        >
                            <Icon name={all ? 'chevronUp' : 'ellipsis'} />
                            <span>{t(all ? 'nav.fewer' : 'nav.all', { n: team.length })}</span>
                        </button>
                    </li>
                )}
            </ul>
        </>
    );
}

function Foot() {
    const space = spaceById(currentSpace.value ?? '') ?? personal.value;
    const user = me.value;
    if (!user) return null;
    const quota = space && (space.quota_bytes ?? (space.kind === 'personal' ? user.quota_bytes : null));
    return (
        <div class="sidebar-foot">
            {space && (
                <div class="used">
                    {quota !== null && quota !== undefined && (
                        <Meter
                            value={space.used_bytes}
                            of={quota}
                            label={t('used.label', { name: spaceName(space) })}
                        />
                    )}
                    <p>{usedText(space.used_bytes, quota ?? null)}</p>
                </div>
            )}
            <MenuButton
                label={t('nav.person', { name: user.username })}
                text={
                    <span class="person">
                        <Avatar of="person" name={user.username} />
                        <span class="person-name">
                            <bdi>{user.username}</bdi>
                        </span>
                        <Icon name="chevronUp" size={16} />
                    </span>
                }
                class="person-button"
                entries={personMenu}
            />
        </div>
    );
}
