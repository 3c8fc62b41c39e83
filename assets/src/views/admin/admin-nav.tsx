// The sidebar of the administration: its pages, and the link back to the last page of files.
import { urls } from '../../api/url';
import { t, type Key } from '../../i18n/language';
import { address, isAdministration, route, type Route } from '../../model/route';
import type { IconName } from '../../components/icons';
import { Icon } from '../../components/icon';
import { NavLink } from '../nav-link';

const pages: readonly (readonly [page: Route['page'], href: string, icon: IconName, title: Key])[] = [
    ['users', urls.users, 'user', 'users.title'],
    ['spaces', urls.spaces, 'warehouse', 'spaces.title'],
    ['nodes', urls.nodes, 'server', 'nodes.title'],
    ['audit', urls.audit(), 'scrollText', 'audit.title'],
];

let left = urls.home; // the last page outside of the administration

export function rememberFilesPage(): void {
    const { path, search } = address.peek();
    if (!isAdministration(route.peek().page)) left = path + search;
}

export const AdminNav = ({ page }: { page: Route['page'] }) => (
    <nav class="nav" aria-label={t('nav.admin')}>
        <ul>
            <NavLink href={left} mark={<Icon name="arrowLeft" />} text={t('nav.back')} />
        </ul>
        <div class="nav-head">
            <h2>{t('nav.admin')}</h2>
        </div>
        <ul>
            {pages.map(([name, href, icon, title]) => (
                <NavLink key={name} href={href} mark={<Icon name={icon} />} text={t(title)} on={page === name} />
            ))}
        </ul>
    </nav>
);
