// The dialog with an account's sessions and tokens; each can be revoked.
import * as accounts from '../../api/accounts';
import type { User } from '../../api/shapes';
import { t } from '../../i18n/language';
import { show } from '../../model/dialogs';
import { explain } from '../../model/error-text';
import { showError } from '../../model/toasts';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { Skeleton } from '../../components/skeleton';
import { useLoaded } from '../use-loaded';
import { SessionRow, inOrder } from '../profile/sessions';
import { TokenRow } from '../profile/tokens';

interface Loaded<T> {
    value: { items: T[] } | null;
    set: (value: { items: T[] }) => void;
}

// Removes the item at once, and puts it back if the call fails.
async function end<T extends { id: string }>(
    { value, set }: Loaded<T>,
    id: string,
    call: () => Promise<void>,
): Promise<void> {
    const before = value!;
    set({ items: before.items.filter((other) => other.id !== id) });
    try {
        await call();
    } catch (error) {
        set(before);
        showError(explain(error));
    }
}

function UserAccess({ user, close }: { user: User; close: () => void }) {
    const sessions = useLoaded((signal) => accounts.sessionsOf(user.id, signal));
    const tokens = useLoaded((signal) => accounts.tokensOf(user.id, signal));
    const error = sessions.error ?? tokens.error;
    const ready = sessions.value && tokens.value;
    return (
        <Dialog title={t('users.access_of', { name: user.username })} onClose={close}>
            {error && <p class="note wrong">{error}</p>}
            {!ready && !error && <Skeleton rows={3} />}
            {ready && (
                <>
                    <h3>{t('sessions.title')}</h3>
                    {sessions.value!.items.length === 0 && <p class="note">{t('users.no_sessions')}</p>}
                    <ul class="things">
                        {inOrder(sessions.value!.items).map((session) => (
                            <SessionRow
                                key={session.id}
                                session={session}
                                end={() =>
                                    void end(sessions, session.id, () => accounts.endSessionOf(user.id, session.id))
                                }
                            />
                        ))}
                    </ul>
                    <h3>{t('tokens.title')}</h3>
                    {tokens.value!.items.length === 0 && <p class="note">{t('users.no_tokens')}</p>}
                    <ul class="things">
                        {tokens.value!.items.map((token) => (
                            <TokenRow
                                key={token.id}
                                token={token}
                                revoke={() => void end(tokens, token.id, () => accounts.endTokenOf(user.id, token.id))}
                            />
                        ))}
                    </ul>
                </>
            )}
            <div class="dialog-foot">
                <Button primary onClick={close}>
                    {t('action.close')}
                </Button>
            </div>
        </Dialog>
    );
}

export const showUserAccess = (user: User): Promise<void> =>
    show<void>((close) => <UserAccess user={user} close={() => close()} />);
