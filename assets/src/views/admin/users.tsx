// The accounts, for administrators.
import { useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import type { ChangedUser, User } from '../../api/shapes';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import type { Pages } from '../../model/pages';
import { me } from '../../model/session';
import { spacesChanged } from '../../model/spaces';
import { showError, offerUndo, showMessage } from '../../model/toasts';
import { Button } from '../../components/button';
import { confirm } from '../../model/dialogs';
import { Icon } from '../../components/icon';
import { MenuButton, type MenuEntry } from '../../components/menu';
import { Avatar } from '../../components/avatar';
import { Badge } from '../../components/badge';
import { Meter, usedText } from '../../components/meter';
import { When } from '../../components/when';
import { Page } from '../page';
import { Paged, usePages } from './paged';
import { showUserAccess } from './user-access';
import { askEditUser, askNewUser, askResetPassword } from './user-dialogs';

const endedText = (key: 'users.reset_done' | 'users.now_disabled', { username, ended }: ChangedUser): string =>
    [
        t(key, { name: username }),
        t('users.ended_sessions', { n: ended.sessions }),
        t('users.ended_tokens', { n: ended.tokens }),
    ].join(' ');

async function unlock(user: User): Promise<void> {
    try {
        await accounts.unlockUser(user.id);
        showMessage(t('users.unlocked', { name: user.username }));
    } catch (error) {
        showError(explain(error));
    }
}

async function setDisabled(pages: Pages<User>, user: User, disabled: boolean): Promise<void> {
    pages.patch(user.id, { disabled });
    try {
        const changed = await accounts.changeUser(user.id, { disabled });
        offerUndo(
            disabled ? endedText('users.now_disabled', changed) : t('users.now_enabled', { name: user.username }),
            t('action.undo'),
            () => void setDisabled(pages, user, !disabled),
        );
    } catch (error) {
        pages.patch(user.id, { disabled: !disabled });
        showError(explain(error, { conflict: t('users.last_admin') }));
    }
}

async function remove(pages: Pages<User>, user: User): Promise<void> {
    const sure = await confirm({
        title: t('users.delete_of', { name: user.username }),
        text: t('users.delete_ask', { name: user.username }),
        yes: t('users.delete'),
    });
    if (!sure) return;
    const removal = pages.begin(new Set([user.id]));
    try {
        await accounts.deleteUser(user.id);
        removal.end();
        spacesChanged();
        showMessage(t('users.deleted', { name: user.username }));
    } catch (error) {
        removal.end(new Set([user.id]));
        showError(explain(error, { conflict: t('users.last_admin') }));
    }
}

function menu(pages: Pages<User>, user: User): MenuEntry[] {
    const self = user.id === me.peek()?.id;
    const changed = (next?: User): void => void (next && pages.patch(next.id, next));
    return [
        { label: t('users.edit'), icon: 'settings', run: () => void askEditUser(user).then(changed) },
        {
            label: t('users.reset'),
            icon: 'key',
            run: () =>
                void askResetPassword(user).then((done) => done && showMessage(endedText('users.reset_done', done))),
        },
        { label: t('users.access'), icon: 'monitor', run: () => void showUserAccess(user) },
        { label: t('users.unlock'), icon: 'refresh', run: () => void unlock(user) },
        {
            label: t(user.disabled ? 'users.enable' : 'users.disable'),
            icon: 'user',
            disabled: self,
            run: () => void setDisabled(pages, user, !user.disabled),
        },
        'line',
        { label: t('users.delete'), icon: 'trash', danger: true, disabled: self, run: () => void remove(pages, user) },
    ];
}

const row = (pages: Pages<User>) => (user: User) => (
    <tr key={user.id} class={user.disabled ? 'off' : ''}>
        <th scope="row" class="who">
            <span>
                <Avatar of="person" name={user.username} />
                <span class="who-name">
                    <bdi>{user.username}</bdi>
                </span>
                {user.role === 'admin' && <Badge>{t('role.admin')}</Badge>}
                {user.disabled && <Badge tone="bad">{t('users.disabled')}</Badge>}
            </span>
        </th>
        <td class="used-cell">
            {user.quota_bytes !== null && (
                <Meter value={user.used_bytes} of={user.quota_bytes} label={t('used.label', { name: user.username })} />
            )}
            <span>{usedText(user.used_bytes, user.quota_bytes)}</span>
        </td>
        <td class="seen">{user.last_seen_at ? <When at={user.last_seen_at} /> : t('users.never')}</td>
        <td class="actions">
            <MenuButton
                icon="ellipsis"
                label={t('action.more_for', { name: user.username })}
                entries={() => menu(pages, user)}
            />
        </td>
    </tr>
);

export function Users() {
    const [q, setQ] = useState('');
    const pages = usePages(accounts.users, q.trim());
    const create = async (): Promise<void> => {
        const made = await askNewUser();
        if (!made) return;
        pages.put(made);
        showMessage(t('users.created', { name: made.username }));
    };
    return (
        <Page
            title={t('users.title')}
            action={
                <Button primary icon="plus" onClick={() => void create()}>
                    {t('users.new')}
                </Button>
            }
        >
            <div class="toolbar">
                <label class="filter">
                    <Icon name="search" size={16} />
                    <input
                        type="search"
                        value={q}
                        placeholder={t('users.filter')}
                        aria-label={t('users.filter')}
                        onInput={(event) => setQ(event.currentTarget.value)}
                    />
                </label>
            </div>
            <Paged
                name="people"
                pages={pages}
                label={t('users.title')}
                none={t('users.none')}
                row={row(pages)}
                heads={[
                    ['who', t('account.username')],
                    ['used-cell', t('column.used')],
                    ['seen', t('column.seen')],
                    ['actions', ''],
                ]}
            />
        </Page>
    );
}
