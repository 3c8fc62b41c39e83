// Dialogs that make and change a team space.
import { urls } from '../../api/url';
import { useState } from 'preact/hooks';
import * as api from '../../api/spaces';
import type { Space } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { quotaBytes, quotaText } from '../../model/quota';
import { navigate } from '../../model/route';
import { me } from '../../model/session';
import { loadSpaces } from '../../model/spaces';
import { showMessage } from '../../model/toasts';
import { Field } from '../../components/field';
import { FormDialog } from '../../components/form-dialog';
import { QuotaField } from '../../components/quota-field';

type Close = (space?: Space) => void;

function SpaceForm({ space, close }: { space: Space | null; close: Close }) {
    const [name, setName] = useState(space?.name ?? '');
    const [quota, setQuota] = useState(quotaText(space?.quota_bytes ?? null));
    const limit = quotaBytes(quota);
    const admin = me.value?.role === 'admin';
    const save = async (): Promise<void> => {
        const trimmed = name.trim();
        if (!space) return close(await api.makeSpace(trimmed, limit ?? null));
        const renamed = space.kind === 'team' && trimmed !== space.name ? { name: trimmed } : {};
        close(await api.changeSpace(space.id, { ...renamed, ...(admin ? { quota_bytes: limit ?? null } : {}) }));
    };
    return (
        <FormDialog
            title={space ? t('space.edit_of', { name: space.name }) : t('space.new')}
            yes={t(space ? 'action.save' : 'action.create')}
            ready={name.trim() !== '' && limit !== undefined}
            save={save}
            onClose={() => close()}
            better={{ name_taken: t('space.taken', { name }), conflict: t('space.taken', { name }) }}
        >
            {!space && <p class="note">{t('space.new_text')}</p>}
            {space?.kind !== 'personal' && (
                <Field label={t('column.name')} first value={name} onText={setName} autocomplete="off" required />
            )}
            {admin && <QuotaField text={quota} onText={setQuota} />}
        </FormDialog>
    );
}

export const askNewSpace = (): Promise<Space | undefined> =>
    show<Space>((close) => <SpaceForm space={null} close={close} />);
export const askEditSpace = (space: Space): Promise<Space | undefined> =>
    show<Space>((close) => <SpaceForm space={space} close={close} />);

export async function newSpace(): Promise<void> {
    const made = await askNewSpace();
    if (!made) return;
    await loadSpaces();
    showMessage(t('space.created', { name: made.name }));
    navigate(urls.space(made.id));
}
