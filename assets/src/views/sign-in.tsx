// The pages before sign-in: set-up and sign-in.
import { pathInApp, urls } from '../api/url';
import { useEffect, useState } from 'preact/hooks';
import * as accounts from '../api/accounts';
import { chooseLanguage, language, t } from '../i18n/language';
import { explain } from '../model/error-text';
import { dark, theme } from '../model/preferences';
import { navigate, route } from '../model/route';
import { enter, server, signedOutBy } from '../model/session';
import { usernameError } from '../model/username';
import { pageTitle } from '../model/title';
import { Button, IconButton } from '../components/button';
import { PasswordField, UsernameField } from '../components/field';
import { Mark, Wordmark } from '../components/icon';
import type { ComponentChildren } from 'preact';

function SignInLayout({ title, text, children }: { title: string; text?: string; children: ComponentChildren }) {
    useEffect(() => {
        pageTitle.value = title;
    }, [title]);
    return (
        <div class="sign-in">
            <main class="sign-in-card">
                <div class="sign-in-brand">
                    <Mark size={40} />
                    <Wordmark height={32} />
                </div>
                <h1>{title}</h1>
                {text && <p class="sign-in-text">{text}</p>}
                {children}
            </main>
            <footer class="sign-in-foot">
                <button
                    type="button"
                    class="button quiet"
                    lang={language.value === 'en' ? 'es' : 'en'}
                    onClick={() => chooseLanguage(language.peek() === 'en' ? 'es' : 'en')}
                >
                    {language.value === 'en' ? 'Español' : 'English'}
                </button>
                <IconButton
                    icon={dark.value ? 'sun' : 'moon'}
                    label={t(dark.value ? 'theme.to_light' : 'theme.to_dark')}
                    onClick={() => (theme.value = dark.peek() ? 'light' : 'dark')}
                />
            </footer>
        </div>
    );
}

// Allows one submit at a time, and shows its error.
function useSubmit(work: () => Promise<void>, better: () => Partial<Record<string, string>>) {
    const [error, setError] = useState<string | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setBusy(true);
        setError(null);
        try {
            await work();
        } catch (error) {
            setError(explain(error, better()));
        } finally {
            setBusy(false);
        }
    };
    return { error, busy, submit };
}

const FormError = ({ text }: { text: string | null }) => (
    <div role="alert">{text && <p class="form-error">{text}</p>}</div>
);

export function SignIn() {
    const [username, setUsername] = useState('');
    const [password, setPassword] = useState('');
    const now = route.value;
    const why = signedOutBy.value;
    useEffect(() => {
        accounts.setupNeeded().then(
            ({ needed }) => needed && navigate(urls.setup, { replace: true }),
            () => undefined,
        );
    }, []);
    const { error, busy, submit } = useSubmit(
        async () =>
            enter(await accounts.signIn(username.trim(), password), now.page === 'sign-in' ? now.next : urls.home),
        () => ({ unauthenticated: t('sign_in.wrong') }),
    );
    return (
        <SignInLayout title={t('sign_in.title')}>
            <div role="status">
                {why && <p class="sign-in-text">{t(why === 'end' ? 'sign_in.ended' : 'sign_in.other_tab')}</p>}
            </div>
            <form onSubmit={(event) => void submit(event)}>
                <UsernameField
                    label={t('account.username')}
                    value={username}
                    onText={setUsername}
                    name="username"
                    autocomplete="username"
                    required
                    autofocus
                />
                <PasswordField
                    label={t('account.password')}
                    value={password}
                    onText={setPassword}
                    name="password"
                    autocomplete="current-password"
                    required
                />
                <FormError text={error} />
                <Button primary type="submit" busy={busy}>
                    {t('sign_in.go')}
                </Button>
            </form>
        </SignInLayout>
    );
}

let held: string | null = null;

// Reads the set-up token and removes it from the address bar and the history. Forms: #T, #token=T, ?token=T.
export function takeSetupToken(): string | null {
    if (pathInApp(location.pathname) !== '/setup') return held;
    const hash = location.hash.slice(1);
    const found =
        new URLSearchParams(location.search).get('token') ?? new URLSearchParams(hash).get('token') ?? (hash || null);
    if (found) {
        held = found;
        history.replaceState(history.state, '', urls.setup);
    }
    return held;
}

export function Setup() {
    const [token, setToken] = useState(takeSetupToken);
    const [needed, setNeeded] = useState<boolean | null>(null);
    useEffect(() => {
        const pasted = (): void => setToken(takeSetupToken());
        window.addEventListener('hashchange', pasted);
        return () => window.removeEventListener('hashchange', pasted);
    }, []);
    useEffect(() => {
        accounts.setupNeeded().then(
            (answer) => setNeeded(answer.needed),
            () => setNeeded(true),
        );
    }, []);
    if (needed === null) return null;
    if (!needed) return <SetupOver />;
    if (!token)
        return (
            <SignInLayout title={t('setup.title')} text={t('setup.no_token')}>
                <pre class="sign-in-code">bodega serve</pre>
            </SignInLayout>
        );
    return <SetupForm token={token} />;
}

const SetupOver = () => (
    <SignInLayout title={t('setup.over')} text={t('setup.over_text')}>
        <a class="button primary" href={urls.signIn()}>
            {t('sign_in.title')}
        </a>
    </SignInLayout>
);

function SetupForm({ token }: { token: string }) {
    const [username, setUsername] = useState('');
    const [password, setPassword] = useState('');
    const least = server.value.password_min_length;
    const short = password.length > 0 && [...password].length < least;
    const [tried, setTried] = useState(false);
    const wrongName = usernameError(username);
    const { error, busy, submit } = useSubmit(
        async () => {
            setTried(true);
            if (wrongName) return;
            await enter(await accounts.setUp(token, username.trim(), password), urls.home);
            held = null;
        },
        () => ({
            forbidden: t('setup.bad_token'),
            gone: t('setup.over_text'),
            invalid: t('account.invalid', { n: least }),
        }),
    );
    return (
        <SignInLayout title={t('setup.title')} text={t('setup.text')}>
            <form onSubmit={(event) => void submit(event)}>
                <UsernameField
                    label={t('account.username')}
                    value={username}
                    onText={setUsername}
                    name="username"
                    autocomplete="username"
                    required
                    autofocus
                    wrong={tried ? wrongName : null}
                />
                <PasswordField
                    label={t('account.password')}
                    value={password}
                    onText={setPassword}
                    name="password"
                    autocomplete="new-password"
                    required
                    minLength={least}
                    hint={t('account.password_hint', { n: least })}
                    wrong={short && error ? t('account.password_hint', { n: least }) : null}
                />
                <FormError text={error} />
                <Button primary type="submit" busy={busy}>
                    {t('setup.go')}
                </Button>
            </form>
        </SignInLayout>
    );
}
