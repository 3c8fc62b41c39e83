// Dialogs that make and change accounts.
import { useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import type { ChangedUser, User } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { quotaBytes, quotaText } from '../../model/quota';
import { me, server } from '../../model/session';
import { usernameError } from '../../model/username';
import { PasswordField, Select, UsernameField } from '../../components/field';
import { FormDialog } from '../../components/form-dialog';
import { QuotaField } from '../../components/quota-field';

type Close = (user?: User) => void;

const roles = () =>
    [
        ['member', t('role.member')],
        ['admin', t('role.admin')],
    ] as const;

function NewUser({ close }: { close: Close }) {
    const [username, setUsername] = useState('');
    const [password, setPassword] = useState('');
    const [role, setRole] = useState<User['role']>('member');
    const [quota, setQuota] = useState('');
    const least = server.value.password_min_length;
    const limit = quotaBytes(quota);
    const wrongName = usernameError(username);
    const ready = username.trim() !== '' && !wrongName && [...password].length >= least && limit !== undefined;
    const save = async (): Promise<void> =>
        close(await accounts.makeUser({ username: username.trim(), password, role, quota_bytes: limit ?? null }));
    return (
        <FormDialog
            title={t('users.new')}
            yes={t('action.create')}
            ready={ready}
            save={save}
            onClose={() => close()}
            better={{
                name_taken: t('users.taken', { name: username }),
                conflict: t('users.taken', { name: username }),
                invalid: t('account.invalid', { n: least }),
            }}
        >
            <UsernameField
                label={t('account.username')}
                first
                value={username}
                onText={setUsername}
                autocomplete="off"
                required
                wrong={wrongName}
            />
            <PasswordField
                label={t('account.password')}
                value={password}
                onText={setPassword}
                autocomplete="new-password"
                hint={t('users.password_hint', { n: least })}
                required
            />
            <Select label={t('users.role')} value={role} options={roles()} onChoice={setRole} />
            <QuotaField text={quota} onText={setQuota} />
        </FormDialog>
    );
}

function EditUser({ user, close }: { user: User; close: Close }) {
    const [role, setRole] = useState(user.role);
    const [quota, setQuota] = useState(quotaText(user.quota_bytes));
    const limit = quotaBytes(quota);
    const self = user.id === me.value?.id;
    const save = async (): Promise<void> =>
        close(
            await accounts.changeUser(user.id, { ...(role !== user.role ? { role } : {}), quota_bytes: limit ?? null }),
        );
    return (
        <FormDialog
            title={user.username}
            yes={t('action.save')}
            ready={limit !== undefined}
            save={save}
            onClose={() => close()}
            better={{ conflict: t('users.last_admin') }}
        >
            <Select
                label={t('users.role')}
                value={role}
                options={roles()}
                onChoice={setRole}
                disabled={self}
                hint={self ? t('users.own_role') : undefined}
            />
            <QuotaField text={quota} onText={setQuota} />
        </FormDialog>
    );
}

function ResetPassword({ user, close }: { user: User; close: (done?: ChangedUser) => void }) {
    const [password, setPassword] = useState('');
    const least = server.value.password_min_length;
    const save = async (): Promise<void> => close(await accounts.changeUser(user.id, { password }));
    return (
        <FormDialog
            title={t('users.reset_of', { name: user.username })}
            yes={t('users.reset')}
            ready={[...password].length >= least}
            save={save}
            onClose={() => close()}
            better={{ invalid: t('account.invalid', { n: least }) }}
        >
            <p>{t('users.reset_text')}</p>
            <PasswordField
                label={t('password.fresh')}
                value={password}
                onText={setPassword}
                autocomplete="new-password"
                hint={t('users.password_hint', { n: least })}
                required
            />
        </FormDialog>
    );
}

export const askNewUser = (): Promise<User | undefined> => show<User>((close) => <NewUser close={close} />);
export const askEditUser = (user: User): Promise<User | undefined> =>
    show<User>((close) => <EditUser user={user} close={close} />);
export const askResetPassword = (user: User): Promise<ChangedUser | undefined> =>
    show<ChangedUser>((close) => <ResetPassword user={user} close={close} />);
