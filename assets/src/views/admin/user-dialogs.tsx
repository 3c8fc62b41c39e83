// Making and changing accounts.
import { useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import type { ChangedUser, User } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { quota_bytes, quota_text } from '../../model/quota';
import { me, server } from '../../model/session';
import { username_fault } from '../../model/username';
import { Field, PasswordField, Select } from '../../components/field';
import { FormDialog } from '../../components/form-dialog';
import { QuotaField } from '../../components/quota-field';

type Close = (user?: User) => void;

const roles = () => [['member', t('role.member')], ['admin', t('role.admin')]] as const;

function NewUser({ close }: { close: Close }) {
    const [username, set_username] = useState('');
    const [password, set_password] = useState('');
    const [role, set_role] = useState<User['role']>('member');
    const [quota, set_quota] = useState('');
    const least = server.value.password_min_length;
    const limit = quota_bytes(quota);
    const wrong_name = username_fault(username);
    const ready = username.trim() !== '' && !wrong_name && [...password].length >= least && limit !== undefined;
    const save = async (): Promise<void> => close(await accounts.make_user({ username: username.trim(), password, role, quota_bytes: limit ?? null }));
    return (
        <FormDialog title={t('users.new')} yes={t('act.create')} ready={ready} save={save} on_close={() => close()} better={{ name_taken: t('users.taken', { name: username }), conflict: t('users.taken', { name: username }), invalid: t('account.invalid', { n: least }) }}>
            <Field label={t('account.username')} first value={username} on_text={set_username} autocomplete="off" autocapitalize="off" spellcheck={false} required wrong={wrong_name} />
            <PasswordField label={t('account.password')} value={password} on_text={set_password} autocomplete="new-password" hint={t('users.password_hint', { n: least })} required />
            <Select label={t('users.role')} value={role} options={roles()} on_choice={set_role} />
            <QuotaField text={quota} on_text={set_quota} />
        </FormDialog>
    );
}

function EditUser({ user, close }: { user: User; close: Close }) {
    const [role, set_role] = useState(user.role);
    const [quota, set_quota] = useState(quota_text(user.quota_bytes));
    const limit = quota_bytes(quota);
    const self = user.id === me.value?.id;
    const save = async (): Promise<void> => close(await accounts.change_user(user.id, { ...(role !== user.role ? { role } : {}), quota_bytes: limit ?? null }));
    return (
        <FormDialog title={user.username} yes={t('act.save')} ready={limit !== undefined} save={save} on_close={() => close()} better={{ conflict: t('users.last_admin') }}>
            <Select label={t('users.role')} value={role} options={roles()} on_choice={set_role} disabled={self} hint={self ? t('users.own_role') : undefined} />
            <QuotaField text={quota} on_text={set_quota} />
        </FormDialog>
    );
}

function ResetPassword({ user, close }: { user: User; close: (done?: ChangedUser) => void }) {
    const [password, set_password] = useState('');
    const least = server.value.password_min_length;
    const save = async (): Promise<void> => close(await accounts.change_user(user.id, { password }));
    return (
        <FormDialog title={t('users.reset_of', { name: user.username })} yes={t('users.reset')} ready={[...password].length >= least} save={save} on_close={() => close()} better={{ invalid: t('account.invalid', { n: least }) }}>
            <p>{t('users.reset_text')}</p>
            <PasswordField label={t('password.fresh')} value={password} on_text={set_password} autocomplete="new-password" hint={t('users.password_hint', { n: least })} required />
        </FormDialog>
    );
}

export const ask_new_user = (): Promise<User | undefined> => show<User>((close) => <NewUser close={close} />);
export const ask_edit_user = (user: User): Promise<User | undefined> => show<User>((close) => <EditUser user={user} close={close} />);
export const ask_reset_password = (user: User): Promise<ChangedUser | undefined> => show<ChangedUser>((close) => <ResetPassword user={user} close={close} />);
