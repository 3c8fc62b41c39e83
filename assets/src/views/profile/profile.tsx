// One's own page: account, language and theme, password, sessions, tokens.
import { useEffect, useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import { day } from '../../i18n/format';
import { chooseLanguage, language, t, type Language } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { theme, type Theme } from '../../model/preferences';
import { me, server } from '../../model/session';
import { personal } from '../../model/spaces';
import { showMessage } from '../../model/toasts';
import { Button } from '../../components/button';
import { PasswordField, Segments } from '../../components/field';
import { Avatar } from '../../components/avatar';
import { Badge, Meter, usedText } from '../../components/small';
import { Page } from '../page';
import { Sessions } from './sessions';
import { Tokens } from './tokens';

export function Profile() {
    useEffect(() => {
        const part = document.getElementById(location.hash.slice(1));
        if (part) part.scrollIntoView();
    }, []);
    return (
        <Page title={t('nav.profile')}>
            <div class="sheet" tabIndex={0} role="region" aria-label={t('nav.profile')} data-home-focus>
                <Account />
                <Looks />
                <Password />
                <Sessions />
                <Tokens />
                <p class="version">bodega {server.value.version}</p>
            </div>
        </Page>
    );
}

function Account() {
    const user = me.value;
    if (!user) return null;
    const quota = personal.value?.quota_bytes ?? user.quota_bytes;
    return (
        <section class="card account">
            <Avatar of="person" name={user.username} />
            <div class="grow">
                <h2>
                    <bdi>{user.username}</bdi> {user.role === 'admin' && <Badge>{t('role.admin')}</Badge>}
                </h2>
                <p class="note">{t('profile.since', { day: day(user.created_at) })}</p>
            </div>
            <div class="account-used">
                {quota !== null && (
                    <Meter value={user.used_bytes} of={quota} label={t('used.label', { name: t('space.personal') })} />
                )}
                <p class="note">{usedText(user.used_bytes, quota)}</p>
            </div>
        </section>
    );
}

const languages: readonly (readonly [Language, string])[] = [
    ['en', 'English'],
    ['es', 'Español'],
];
const themes: readonly Theme[] = ['system', 'light', 'dark'];

const Looks = () => (
    <section class="card">
        <h2>{t('profile.looks')}</h2>
        <div class="pair">
            <Segments
                label={t('profile.language')}
                value={language.value}
                options={languages}
                onChoice={chooseLanguage}
            />
            <Segments
                label={t('profile.theme')}
                value={theme.value}
                options={themes.map((name) => [name, t(`theme.${name}`)] as const)}
                onChoice={(name) => (theme.value = name)}
            />
        </div>
    </section>
);

function Password() {
    const [current, setCurrent] = useState('');
    const [fresh, setFresh] = useState('');
    const [endTokens, setEndTokens] = useState(false);
    const [error, setError] = useState<{ field: 'current' | 'fresh' | 'both'; text: string } | null>(null);
    const [busy, setBusy] = useState(false);
    const least = server.value.password_min_length;
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if ([...fresh].length < least)
            return setError({ field: 'fresh', text: t('account.password_hint', { n: least }) });
        setBusy(true);
        setError(null);
        try {
            await accounts.changePassword(current, fresh, endTokens);
            setCurrent('');
            setFresh('');
            showMessage(t(endTokens ? 'password.changed_all' : 'password.changed'));
        } catch (error) {
            const code = (error as { code?: string }).code;
            if (code === 'forbidden' || code === 'unauthenticated')
                setError({ field: 'current', text: t('password.wrong') });
            else setError({ field: 'both', text: explain(error, { invalid: t('password.refused', { n: least }) }) });
        } finally {
            setBusy(false);
        }
    };
    const wrong = (field: string): string | null => (error?.field === field ? error.text : null);
    return (
        <section class="card">
            <h2>{t('password.title')}</h2>
            <p class="note">{t('password.note')}</p>
            <form onSubmit={submit} class="pair" noValidate>
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
                    value={current}
                    onText={setCurrent}
                    autocomplete="current-password"
                    required
                    wrong={wrong('current')}
                />
                <PasswordField
                    label={t('password.fresh')}
                    value={fresh}
                    onText={setFresh}
                    autocomplete="new-password"
                    required
                    hint={t('account.password_hint', { n: least })}
                    wrong={wrong('fresh') ?? wrong('both')}
                />
                <label class="check">
                    <input
                        type="checkbox"
                        checked={endTokens}
                        onChange={(event) => setEndTokens(event.currentTarget.checked)}
                    />{' '}
                    {t('password.end_tokens')}
                </label>
                <div class="form-foot">
                    <Button type="submit" primary busy={busy} disabled={!current || !fresh}>
                        {t('password.go')}
                    </Button>
                </div>
            </form>
        </section>
    );
}
