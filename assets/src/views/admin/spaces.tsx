// All the spaces, for administrators.
import { urls } from '../../api/url';
import * as api from '../../api/spaces';
import type { Page as PageOf, Space } from '../../api/shapes';
import { day } from '../../i18n/format';
import { t } from '../../i18n/language';
import {} from '../../model/route';
import { refreshSpaces } from '../../model/spaces';
import { showMessage } from '../../model/toasts';
import { Button } from '../../components/button';
import { MenuButton } from '../../components/menu';
import { Avatar } from '../../components/avatar';
import { Badge } from '../../components/badge';
import { Meter, usedText } from '../../components/meter';
import { Page } from '../page';
import { showMembers } from './members';
import { Paged, usePages } from './paged';
import { askEditSpace, askNewSpace } from './space-dialogs';

const allSpaces = (_filter: null, cursor: string | null, signal: AbortSignal): Promise<PageOf<Space>> =>
    api.allSpaces(cursor, signal);

export function Spaces() {
    const pages = usePages(allSpaces, null);
    const changed = (): void => {
        void pages.refresh(true);
        refreshSpaces();
    };
    const create = async (): Promise<void> => {
        const made = await askNewSpace();
        if (!made) return;
        showMessage(t('space.created', { name: made.name }));
        changed();
        await showMembers(made);
        changed();
    };
    return (
        <Page
            title={t('spaces.title')}
            action={
                <Button primary icon="plus" onClick={() => void create()}>
                    {t('space.new')}
                </Button>
            }
        >
            <Paged
                name="people"
                pages={pages}
                label={t('spaces.title')}
                none=""
                row={row(changed)}
                heads={[
                    ['who', t('column.name')],
                    ['used-cell', t('column.used')],
                    ['seen', t('column.created')],
                    ['actions', ''],
                ]}
            />
        </Page>
    );
}

const row = (changed: () => void) => (space: Space) => (
    <tr key={space.id}>
        <th scope="row" class="who">
            <span>
                <Avatar of="space" name={space.name} />
                {space.role ? (
                    <a class="who-name" href={urls.space(space.id)}>
                        <bdi>{space.name}</bdi>
                    </a>
                ) : (
                    <span class="who-name">
                        <bdi>{space.name}</bdi>
                    </span>
                )}
                {space.kind === 'personal' && <Badge>{t('space.kind_personal')}</Badge>}
            </span>
        </th>
        <td class="used-cell">
            {space.quota_bytes !== null && (
                <Meter value={space.used_bytes} of={space.quota_bytes} label={t('used.label', { name: space.name })} />
            )}
            <span>{usedText(space.used_bytes, space.quota_bytes)}</span>
        </td>
        <td class="seen">{day(space.created_at)}</td>
        <td class="actions">
            <MenuButton
                icon="ellipsis"
                label={t('action.more_for', { name: space.name })}
                entries={() => [
                    {
                        label: t('members.title'),
                        icon: 'users',
                        disabled: space.kind === 'personal',
                        run: () => void showMembers(space).then(changed),
                    },
                    {
                        label: t('space.edit'),
                        icon: 'settings',
                        run: () => void askEditSpace(space).then((done) => done && changed()),
                    },
                ]}
            />
        </td>
    </tr>
);
