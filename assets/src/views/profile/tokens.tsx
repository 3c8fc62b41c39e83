// The user's API tokens. The secret of a new one is shown once.
import { useState } from 'preact/hooks';
import * as accounts from '../../api/accounts';
import type { Scope, Token } from '../../api/shapes';
import { day } from '../../i18n/format';
import { t } from '../../i18n/language';
import { confirm, show } from '../../model/dialogs';
import { explain } from '../../model/error-text';
import { me } from '../../model/session';
import { showError } from '../../model/toasts';
import { Button } from '../../components/button';
import { Copyable } from '../../components/copyable';
import { Dialog } from '../../components/dialog';
import { Field, Select } from '../../components/field';
import { Icon } from '../../components/icon';
import { Skeleton } from '../../components/skeleton';
import { When } from '../../components/when';
import { useLoaded } from '../use-loaded';

const lives = ['30', '90', '365', 'never'] as const;
type Life = (typeof lives)[number];

const scopeTexts = { read: 'tokens.scope_read', write: 'tokens.scope_write', admin: 'tokens.scope_admin' } as const;
const scopeText = (scope: Scope): string => t(scopeTexts[scope]);
// The scope "admin" has no effect for members, so they are not offered it.
const scopes = (): (readonly [Scope, string])[] =>
    (Object.keys(scopeTexts) as Scope[])
        .filter((scope) => scope !== 'admin' || me.value?.role === 'admin')
        .map((scope) => [scope, scopeText(scope)] as const);

function NewToken({ close }: { close: (made?: Token) => void }) {
    const [name, setName] = useState('');
    const [scope, setScope] = useState<Scope>('write');
    const [life, setLife] = useState<Life>('90');
    const [made, setMade] = useState<Token | null>(null);
    const [error, setError] = useState<string | null>(null);
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        if (!name.trim()) return setError(t('tokens.name_needed'));
        try {
            setMade(
                await accounts.makeToken(
                    name.trim(),
                    scope,
                    life === 'never' ? null : Date.now() + Number(life) * 86_400_000,
                ),
            );
        } catch (error) {
            setError(explain(error));
        }
    };
    if (made) return <Secret token={made} close={() => close(made)} />;
    return (
        <Dialog title={t('tokens.new')} narrow onClose={() => close()}>
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Field
                    label={t('tokens.name')}
                    hint={t('tokens.name_hint')}
                    first
                    value={name}
                    onText={(text) => (setName(text), setError(null))}
                    wrong={error}
                    autocomplete="off"
                    maxLength={100}
                />
                <Select label={t('tokens.scope')} value={scope} onChoice={setScope} options={scopes()} />
                <Select
                    label={t('tokens.life')}
                    value={life}
                    onChoice={setLife}
                    options={lives.map(
                        (one) =>
                            [
                                one,
                                one === 'never' ? t('tokens.for_ever') : t('tokens.days', { n: Number(one) }),
                            ] as const,
                    )}
                />
                <div class="dialog-foot">
                    <Button onClick={() => close()}>{t('action.cancel')}</Button>
                    <Button primary type="submit">
                        {t('action.create')}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

const Secret = ({ token, close }: { token: Token; close: () => void }) => (
    <Dialog title={t('tokens.made', { name: token.name })} held onClose={close}>
        <p>{t('tokens.once')}</p>
        <Copyable block first text={token.token ?? ''} label={t('tokens.copy')} />
        <p class="note">{t('tokens.use')}</p>
        <Copyable block text={`export BODEGA_TOKEN=${token.token ?? ''}`} label={t('action.copy')} />
        <div class="dialog-foot">
            <Button primary onClick={close}>
                {t('tokens.kept')}
            </Button>
        </div>
    </Dialog>
);

export function Tokens() {
    const { value, error, set } = useLoaded((signal) => accounts.tokens(signal));
    const create = async (): Promise<void> => {
        const made = await show<Token>((close) => <NewToken close={close} />);
        if (made) set({ items: [made, ...(value?.items ?? [])] });
    };
    const revoke = async (token: Token): Promise<void> => {
        if (
            !(await confirm({
                title: t('tokens.revoke'),
                text: t('tokens.revoke_ask', { name: token.name }),
                yes: t('tokens.revoke'),
            }))
        )
            return;
        try {
            await accounts.revokeToken(token.id);
            set({ items: value!.items.filter((other) => other.id !== token.id) });
        } catch (error) {
            showError(explain(error));
        }
    };
    return (
        <section class="card" id="tokens">
            <header class="card-head">
                <h2>{t('tokens.title')}</h2>
                <Button icon="plus" onClick={() => void create()}>
                    {t('tokens.new')}
                </Button>
            </header>
            <p class="note">{t('tokens.note')}</p>
            {error && <p class="note wrong">{error}</p>}
            {!value && !error && <Skeleton rows={2} />}
            <ul class="things">
                {value?.items.map((token) => (
                    <TokenRow key={token.id} token={token} revoke={() => void revoke(token)} />
                ))}
            </ul>
        </section>
    );
}

export function TokenRow({ token, revoke }: { token: Token; revoke: () => void }) {
    const over = token.expires_at !== null && token.expires_at < Date.now();
    return (
        <li>
            <Icon name="key" size={20} />
            <div class="grow">
                <p>
                    <bdi>{token.name}</bdi>
                </p>
                <p class="note">
                    {scopeText(token.scope)} ·{' '}
                    {token.last_used_at ? (
                        <>
                            {t('tokens.used')} <When at={token.last_used_at} />
                        </>
                    ) : (
                        t('tokens.unused')
                    )}{' '}
                    ·{' '}
                    {token.expires_at === null
                        ? t('tokens.for_ever')
                        : t(over ? 'tokens.ended' : 'tokens.until', { day: day(token.expires_at) })}
                </p>
            </div>
            <Button quiet aria-label={t('tokens.revoke_one', { name: token.name })} onClick={revoke}>
                {t('tokens.revoke')}
            </Button>
        </li>
    );
}
