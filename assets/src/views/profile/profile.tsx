// The user's profile: account, language and theme, password, sessions, tokens.
import { useEffect } from 'preact/hooks';
import { day } from '../../i18n/format';
import { chooseLanguage, language, t, type Language } from '../../i18n/language';
import { theme, type Theme } from '../../model/preferences';
import { me, server } from '../../model/session';
import { personal } from '../../model/spaces';
import { Segments } from '../../components/field';
import { Avatar } from '../../components/avatar';
import { Badge } from '../../components/badge';
import { Meter, usedText } from '../../components/meter';
import { Page } from '../page';
import { Password } from './password';
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
