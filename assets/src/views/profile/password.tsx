// The form that changes the user's password.
import { useState } from 'preact/hooks';
import { changePassword } from '../../api/accounts';
import { isApiError } from '../../api/error';
import { Button } from '../../components/button';
import { PasswordField } from '../../components/field';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { me, server } from '../../model/session';
import { showMessage } from '../../model/toasts';

interface FieldError {
    field: 'current' | 'fresh';
    text: string;
}

function errorOf(failure: unknown, least: number): FieldError {
    if (isApiError(failure, 'forbidden', 'unauthenticated')) return { field: 'current', text: t('password.wrong') };
    return { field: 'fresh', text: explain(failure, { invalid: t('password.refused', { n: least }) }) };
}

function usePasswordForm(least: number) {
    const [current, setCurrent] = useState('');
    const [fresh, setFresh] = useState('');
    const [endTokens, setEndTokens] = useState(false);
    const [error, setError] = useState<FieldError | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if ([...fresh].length < least)
            return setError({ field: 'fresh', text: t('account.password_hint', { n: least }) });
        setBusy(true);
        setError(null);
        try {
            await changePassword(current, fresh, endTokens);
            setCurrent('');
            setFresh('');
            showMessage(t(endTokens ? 'password.changed_all' : 'password.changed'));
        } catch (failure) {
            setError(errorOf(failure, least));
        } finally {
            setBusy(false);
        }
    };
    const wrong = (field: FieldError['field']): string | null => (error?.field === field ? error.text : null);
    return { current, setCurrent, fresh, setFresh, endTokens, setEndTokens, busy, submit, wrong };
}

export function Password() {
    const least = server.value.password_min_length;
    const form = usePasswordForm(least);
    return (
        <section class="card">
            <h2>{t('password.title')}</h2>
            <p class="note">{t('password.note')}</p>
            <form onSubmit={(event) => void form.submit(event)} class="pair" noValidate>
                <input
                    type="text"
                    name="username"
                    autocomplete="username"
                    value={me.value?.username ?? ''}
                    readOnly
                    hidden
                />
                <PasswordField
                    label={t('password.current')}
                    value={form.current}
                    onText={form.setCurrent}
                    autocomplete="current-password"
                    required
                    wrong={form.wrong('current')}
                />
                <PasswordField
                    label={t('password.fresh')}
                    value={form.fresh}
                    onText={form.setFresh}
                    autocomplete="new-password"
                    required
                    hint={t('account.password_hint', { n: least })}
                    wrong={form.wrong('fresh')}
                />
                <label class="check">
                    <input
                        type="checkbox"
                        checked={form.endTokens}
                        onChange={(event) => form.setEndTokens(event.currentTarget.checked)}
                    />{' '}
                    {t('password.end_tokens')}
                </label>
                <div class="form-foot">
                    <Button type="submit" primary busy={form.busy} disabled={!form.current || !form.fresh}>
                        {t('password.go')}
                    </Button>
                </div>
            </form>
        </section>
    );
}
