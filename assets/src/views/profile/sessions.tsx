// The user's sessions; each can be ended.
import * as accounts from '../../api/accounts';
import type { Session } from '../../api/shapes';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { showError, showMessage } from '../../model/toasts';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { Badge } from '../../components/badge';
import { Skeleton } from '../../components/skeleton';
import { When } from '../../components/when';
import { useLoaded } from '../use-loaded';

// "Firefox · Linux", from a User-Agent.
export function device(agent: string): { name: string; phone: boolean } {
    const browser = [
        ['Edg', 'Edge'],
        ['OPR', 'Opera'],
        ['Firefox', 'Firefox'],
        ['Chrome', 'Chrome'],
        ['Safari', 'Safari'],
        ['curl', 'curl'],
    ].find(([mark]) => agent.includes(mark!))?.[1];
    const system = [
        ['Android', 'Android'],
        ['iPhone', 'iPhone'],
        ['iPad', 'iPad'],
        ['Windows', 'Windows'],
        ['Mac OS X', 'macOS'],
        ['CrOS', 'ChromeOS'],
        ['Linux', 'Linux'],
    ].find(([mark]) => agent.includes(mark!))?.[1];
    return {
        name: [browser, system].filter(Boolean).join(' · ') || agent.slice(0, 40) || '?',
        phone: /Android|iPhone|iPad/.test(agent),
    };
}

export function Sessions() {
    const { value, error, again, set } = useLoaded((signal) => accounts.sessions(signal));
    const end = async (session: Session): Promise<void> => {
        const before = value!;
        set({ items: before.items.filter((other) => other.id !== session.id) });
        try {
            await accounts.endSession(session.id);
        } catch (error) {
            set(before);
            showError(explain(error));
        }
    };
    const endOthers = async (): Promise<void> => {
        try {
            await accounts.endOtherSessions();
            showMessage(t('sessions.ended'));
            again();
        } catch (error) {
            showError(explain(error));
        }
    };
    return (
        <section class="card">
            <header class="card-head">
                <h2>{t('sessions.title')}</h2>
                {value && value.items.length > 1 && (
                    <Button quiet onClick={() => void endOthers()}>
                        {t('sessions.end_others')}
                    </Button>
                )}
            </header>
            {error && <p class="note wrong">{error}</p>}
            {!value && !error && <Skeleton rows={2} />}
            <ul class="things">
                {inOrder(value?.items ?? []).map((session) => (
                    <SessionRow key={session.id} session={session} end={() => void end(session)} />
                ))}
            </ul>
        </section>
    );
}

export const inOrder = (sessions: Session[]): Session[] =>
    [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at - a.last_seen_at);

export function SessionRow({ session, end }: { session: Session; end: () => void }) {
    const { name, phone } = device(session.user_agent);
    return (
        <li>
            <Icon name={phone ? 'smartphone' : 'monitor'} size={20} />
            <div class="grow">
                <p title={session.user_agent}>
                    {name} {session.current && <Badge tone="good">{t('sessions.this')}</Badge>}
                </p>
                <p class="note">
                    {session.address} · {t('sessions.seen')} <When at={session.last_seen_at} />
                </p>
            </div>
            {!session.current && (
                <Button quiet aria-label={t('sessions.end_one', { name })} onClick={end}>
                    {t('sessions.end')}
                </Button>
            )}
        </li>
    );
}
