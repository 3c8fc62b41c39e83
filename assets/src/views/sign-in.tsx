// The pages before sign-in: the first set-up, and signing in.
import { useEffect, useState } from 'preact/hooks';
import * as accounts from '../api/accounts';
import { choose_language, language, t } from '../i18n/language';
import { explain } from '../model/error-text';
import { dark, theme } from '../model/preferences';
import { navigate, route } from '../model/route';
import { enter, server, signed_out_by } from '../model/session';
import { username_fault } from '../model/username';
import { page_title } from '../model/title';
import { Button, IconButton } from '../components/button';
import { Field, PasswordField } from '../components/field';
import { Mark, Wordmark } from '../components/icon';
import type { ComponentChildren } from 'preact';

function Gate({ title, text, children }: { title: string; text?: string; children: ComponentChildren }) {
    useEffect(() => {
        page_title.value = title;
    }, [title]);
    return (
        <div class="gate">
            <main class="gate-card">
                <div class="gate-brand">
                    <Mark size={40} />
                    <Wordmark height={32} />
                </div>
                <h1>{title}</h1>
                {text && <p class="gate-text">{text}</p>}
                {children}
            </main>
            <footer class="gate-foot">
                <button type="button" class="button quiet" lang={language.value === 'en' ? 'es' : 'en'} onClick={() => choose_language(language.peek() === 'en' ? 'es' : 'en')}>
                    {language.value === 'en' ? 'Español' : 'English'}
                </button>
                <IconButton icon={dark.value ? 'sun' : 'moon'} label={t(dark.value ? 'theme.to_light' : 'theme.to_dark')} onClick={() => (theme.value = dark.peek() ? 'light' : 'dark')} />
            </footer>
        </div>
    );
}

// One submit at a time; what it throws is explained above the button.
function useSubmit(work: () => Promise<void>, better: () => Partial<Record<string, string>>) {
    const [fault, set_fault] = useState<string | null>(null);
    const [busy, set_busy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        set_busy(true);
        set_fault(null);
        try {
            await work();
        } catch (error) {
            set_fault(explain(error, better()));
        } finally {
            set_busy(false);
        }
    };
    return { fault, busy, submit };
}

const Fault = ({ text }: { text: string | null }) => <div role="alert">{text && <p class="gate-fault">{text}</p>}</div>;

export function SignIn() {
    const [username, set_username] = useState('');
    const [password, set_password] = useState('');
    const now = route.value;
    const why = signed_out_by.value;
    useEffect(() => {
        accounts.setup_needed().then(({ needed }) => needed && navigate('/setup', { replace: true }), () => undefined);
    }, []);
    const { fault, busy, submit } = useSubmit(
        async () => enter(await accounts.sign_in(username.trim(), password), now.page === 'sign-in' ? now.next : '/'),
        () => ({ unauthenticated: t('sign_in.wrong') }),
    );
    return (
        <Gate title={t('sign_in.title')}>
            <div role="status">{why && <p class="gate-text">{t(why === 'end' ? 'sign_in.ended' : 'sign_in.other_tab')}</p>}</div>
            <form onSubmit={submit}>
                <Field label={t('account.username')} value={username} on_text={set_username} name="username" autocomplete="username" autocapitalize="off" spellcheck={false} required autofocus />
                <PasswordField label={t('account.password')} value={password} on_text={set_password} name="password" autocomplete="current-password" required />
                <Fault text={fault} />
                <Button primary type="submit" busy={busy}>{t('sign_in.go')}</Button>
            </form>
        </Gate>
    );
}

let held: string | null = null;

// The secret leaves the address bar (and the history) as soon as it is read. Forms: #T, #token=T, ?token=T.
export function take_setup_token(): string | null {
    if (location.pathname !== '/setup') return held;
    const hash = location.hash.slice(1);
    const found = new URLSearchParams(location.search).get('token') ?? new URLSearchParams(hash).get('token') ?? (hash || null);
    if (found) {
        held = found;
        history.replaceState(history.state, '', '/setup');
    }
    return held;
}

export function Setup() {
    const [token, set_token] = useState(take_setup_token);
    const [needed, set_needed] = useState<boolean | null>(null);
    useEffect(() => {
        const pasted = (): void => set_token(take_setup_token());
        window.addEventListener('hashchange', pasted);
        return () => window.removeEventListener('hashchange', pasted);
    }, []);
    useEffect(() => {
        accounts.setup_needed().then((answer) => set_needed(answer.needed), () => set_needed(true));
    }, []);
    if (needed === null) return null;
    if (!needed) return <SetupOver />;
    if (!token) return <Gate title={t('setup.title')} text={t('setup.no_token')}><pre class="gate-code">bodega serve</pre></Gate>;
    return <SetupForm token={token} />;
}

const SetupOver = () => (
    <Gate title={t('setup.over')} text={t('setup.over_text')}>
        <a class="button primary" href="/sign-in">{t('sign_in.title')}</a>
    </Gate>
);

function SetupForm({ token }: { token: string }) {
    const [username, set_username] = useState('');
    const [password, set_password] = useState('');
    const least = server.value.password_min_length;
    const short = password.length > 0 && [...password].length < least;
    const [tried, set_tried] = useState(false);
    const wrong_name = username_fault(username);
    const { fault, busy, submit } = useSubmit(
        async () => {
            set_tried(true);
            if (wrong_name) return;
            await enter(await accounts.set_up(token, username.trim(), password), '/');
            held = null;
        },
        () => ({ forbidden: t('setup.bad_token'), gone: t('setup.over_text'), invalid: t('account.invalid', { n: least }) }),
    );
    return (
        <Gate title={t('setup.title')} text={t('setup.text')}>
            <form onSubmit={submit}>
                <Field label={t('account.username')} value={username} on_text={set_username} name="username" autocomplete="username" autocapitalize="off" spellcheck={false} required autofocus wrong={tried ? wrong_name : null} />
                <PasswordField label={t('account.password')} value={password} on_text={set_password} name="password" autocomplete="new-password" required minLength={least} hint={t('account.password_hint', { n: least })} wrong={short && fault ? t('account.password_hint', { n: least }) : null} />
                <Fault text={fault} />
                <Button primary type="submit" busy={busy}>{t('setup.go')}</Button>
            </form>
        </Gate>
    );
}
