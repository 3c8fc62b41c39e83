// One's own page: account, language and theme, password, sessions, tokens.
import { useEffect, useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import { day } from '../../i18n/format';
import { choose_language, language, t, type Language } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { theme, type Theme } from '../../model/preferences';
import { me, server } from '../../model/session';
import { personal } from '../../model/spaces';
import { say } from '../../model/toasts';
import { Button } from '../../components/button';
import { PasswordField, Segments } from '../../components/field';
import { Shape } from '../../components/avatar';
import { Badge, Meter, used_text } from '../../components/small';
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
            <Shape of="person" name={user.username} />
            <div class="grow">
                <h2>
                    <bdi>{user.username}</bdi> {user.role === 'admin' && <Badge>{t('role.admin')}</Badge>}
                </h2>
                <p class="note">{t('profile.since', { day: day(user.created_at) })}</p>
            </div>
            <div class="account-used">
                {quota !== null && <Meter value={user.used_bytes} of={quota} label={t('used.label', { name: t('space.personal') })} />}
                <p class="note">{used_text(user.used_bytes, quota)}</p>
            </div>
        </section>
    );
}

const languages: readonly (readonly [Language, string])[] = [['en', 'English'], ['es', 'Español']];
const themes: readonly Theme[] = ['system', 'light', 'dark'];

const Looks = () => (
    <section class="card">
        <h2>{t('profile.looks')}</h2>
        <div class="pair">
            <Segments label={t('profile.language')} value={language.value} options={languages} on_choice={choose_language} />
            <Segments label={t('profile.theme')} value={theme.value} options={themes.map((name) => [name, t(`theme.${name}`)] as const)} on_choice={(name) => (theme.value = name)} />
        </div>
    </section>
);

function Password() {
    const [current, set_current] = useState('');
    const [fresh, set_fresh] = useState('');
    const [end_tokens, set_end_tokens] = useState(false);
    const [fault, set_fault] = useState<{ field: 'current' | 'fresh' | 'both'; text: string } | null>(null);
    const [busy, set_busy] = useState(false);
    const least = server.value.password_min_length;
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if ([...fresh].length < least) return set_fault({ field: 'fresh', text: t('account.password_hint', { n: least }) });
        set_busy(true);
        set_fault(null);
        try {
            await accounts.change_password(current, fresh, end_tokens);
            set_current('');
            set_fresh('');
            say(t(end_tokens ? 'password.changed_all' : 'password.changed'));
        } catch (error) {
            const code = (error as { code?: string }).code;
            if (code === 'forbidden' || code === 'unauthenticated') set_fault({ field: 'current', text: t('password.wrong') });
            else set_fault({ field: 'both', text: explain(error, { invalid: t('password.refused', { n: least }) }) });
        } finally {
            set_busy(false);
        }
    };
    const wrong = (field: string): string | null => (fault?.field === field ? fault.text : null);
    return (
        <section class="card">
            <h2>{t('password.title')}</h2>
            <p class="note">{t('password.note')}</p>
            <form onSubmit={submit} class="pair" noValidate>
                <input type="text" name="username" autocomplete="username" value={me.value?.username ?? ''} readOnly hidden />
                <PasswordField label={t('password.current')} value={current} on_text={set_current} autocomplete="current-password" required wrong={wrong('current')} />
                <PasswordField label={t('password.fresh')} value={fresh} on_text={set_fresh} autocomplete="new-password" required hint={t('account.password_hint', { n: least })} wrong={wrong('fresh') ?? wrong('both')} />
                <label class="check">
                    <input type="checkbox" checked={end_tokens} onChange={(event) => set_end_tokens(event.currentTarget.checked)} /> {t('password.end_tokens')}
                </label>
                <div class="form-foot">
                    <Button type="submit" primary busy={busy} disabled={!current || !fresh}>{t('password.go')}</Button>
                </div>
            </form>
        </section>
    );
}
