// Making a team space and changing it.
import { useState } from 'preact/hooks';
import * as api from '../../api/spaces';
import type { Space } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { quota_bytes, quota_text } from '../../model/quota';
import { navigate, space_path } from '../../model/route';
import { me } from '../../model/session';
import { load_spaces } from '../../model/spaces';
import { say } from '../../model/toasts';
import { Field } from '../../components/field';
import { FormDialog } from '../../components/form-dialog';
import { QuotaField } from '../../components/quota-field';

type Close = (space?: Space) => void;

function SpaceForm({ space, close }: { space: Space | null; close: Close }) {
    const [name, set_name] = useState(space?.name ?? '');
    const [quota, set_quota] = useState(quota_text(space?.quota_bytes ?? null));
    const limit = quota_bytes(quota);
    const admin = me.value?.role === 'admin';
    const save = async (): Promise<void> => {
        const trimmed = name.trim();
        if (!space) return close(await api.make_space(trimmed, limit ?? null));
        const renamed = space.kind === 'team' && trimmed !== space.name ? { name: trimmed } : {};
        close(await api.change_space(space.id, { ...renamed, ...(admin ? { quota_bytes: limit ?? null } : {}) }));
    };
    return (
        <FormDialog title={space ? t('space.edit_of', { name: space.name }) : t('space.new')} yes={t(space ? 'act.save' : 'act.create')} ready={name.trim() !== '' && limit !== undefined} save={save} on_close={() => close()} better={{ name_taken: t('space.taken', { name }), conflict: t('space.taken', { name }) }}>
            {!space && <p class="note">{t('space.new_text')}</p>}
            {space?.kind !== 'personal' && <Field label={t('column.name')} first value={name} on_text={set_name} autocomplete="off" required />}
            {admin && <QuotaField text={quota} on_text={set_quota} />}
        </FormDialog>
    );
}

export const ask_new_space = (): Promise<Space | undefined> => show<Space>((close) => <SpaceForm space={null} close={close} />);
export const ask_edit_space = (space: Space): Promise<Space | undefined> => show<Space>((close) => <SpaceForm space={space} close={close} />);

export async function new_space(): Promise<void> {
    const made = await ask_new_space();
    if (!made) return;
    await load_spaces();
    say(t('space.created', { name: made.name }));
    navigate(space_path(made.id));
}
