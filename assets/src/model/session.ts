// The signed-in user, and navigation to the sign-in page and back.
import { effect, signal, untracked } from '@preact/signals';
import * as accounts from '../api/accounts';
import { actAs, beginSession, onOtherAccount, onSignedOut } from '../api/call';
import { isApiError } from '../api/error';
import { urls } from '../api/url';
import type { Server, SignedIn, User } from '../api/shapes';
import { t } from '../i18n/language';
import { closeAll } from './dialogs';
import { forgetFolders } from './folders';
import { entryClipboard } from './current-folder';
import { address, navigate, route } from './route';
import { onSessionMessage, broadcastSession, type SessionMessage } from './session-channel';
import { dismissAll, showMessage } from './toasts';

// undefined: not known yet; null: signed out.
export const me = signal<User | null | undefined>(undefined);
export const server = signal<Server>({ version: '', max_file: 0, password_min_length: 10, trash_keep: 0 });

// Why the sign-in page is shown although the user did not ask for it.
export const signedOutBy = signal<'end' | 'tab' | null>(null);

// Stored in the browser, so that a page loaded after the session's end can tell that there was one.
const wasSignedInKey = 'bodega.signed_in';

function noteSignedIn(isIn: boolean): void {
    try {
        if (isIn) localStorage.setItem(wasSignedInKey, '1');
        else localStorage.removeItem(wasSignedInKey);
    } catch {
        // no storage: the sign-in page shows no reason
    }
}

function wasSignedIn(): boolean {
    try {
        return localStorage.getItem(wasSignedInKey) !== null;
    } catch {
        return false;
    }
}

let lastUser: string | null = null;

export function signedIn(answer: SignedIn): void {
    if (answer.server) server.value = answer.server;
    actAs(answer.user.id);
    me.value = answer.user;
    signedOutBy.value = null;
    noteSignedIn(true);
    lastUser = answer.user.id;
}

const openPages = ['setup', 'sign-in'];

// Forgets the former user's folders, dialogs and toasts. Views on screen keep theirs until they unmount, so this must
// not run while a folder is shown.
function clearSession(): void {
    actAs(null);
    me.value = null;
    closeAll();
    forgetFolders();
    dismissAll();
    entryClipboard.value = null;
}

function toSignIn(): void {
    clearSession();
    if (openPages.includes(route.peek().page)) return;
    const { path, search } = address.peek();
    const next = path + search;
    navigate(urls.signIn(next === urls.home ? null : next), { replace: true });
}

// Handlers that run before the page reloads for another account.
const accountChangeHandlers: (() => void)[] = [];
export const onAccountChange = (action: () => void): void => void accountChangeHandlers.push(action);

// Loads the page again, so that nothing of the former account stays in memory.
function reload(): void {
    accountChangeHandlers.forEach((action) => action());
    const { path, search } = address.peek();
    const here = route.peek();
    location.replace(here.page === 'sign-in' ? here.next : path + search);
}

const accountChangedKey = 'bodega.account_changed'; // in sessionStorage, across the reload

// The server refused a call because another account is signed in, and no other tab said so.
function accountChanged(): void {
    sessionStorage.setItem(accountChangedKey, 'yes');
    reload();
}

function announceAccount(user: User): void {
    if (sessionStorage.getItem(accountChangedKey) === null) return;
    sessionStorage.removeItem(accountChangedKey);
    showMessage(t('session.now', { name: user.username }));
}

// Another tab signed in or out.
function follow(message: SessionMessage): void {
    const now = me.peek();
    if (now === undefined) return;
    if (message.said === 'in') {
        if (now?.id === message.user) return;
        reload();
    } else if (now) {
        accountChangeHandlers.forEach((action) => action());
        signedOutBy.value = 'tab';
        toSignIn();
    }
}

function sessionEnded(): void {
    if (wasSignedIn()) signedOutBy.value = 'end';
    toSignIn();
}

export async function start(): Promise<void> {
    onSignedOut(sessionEnded);
    onOtherAccount(accountChanged);
    onSessionMessage(follow);
    // A page from the back/forward cache may show an account that has signed out.
    window.addEventListener('pageshow', (event) => event.persisted && location.reload());
    // After sign-out, Back can lead to a page that needs a user.
    effect(() => {
        if (me.value === null && !openPages.includes(route.value.page)) untracked(toSignIn);
    });
    try {
        const answer = await accounts.whoAmI();
        signedIn(answer);
        announceAccount(answer.user);
    } catch (error) {
        if (!isApiError(error, 'unauthenticated')) throw error;
        sessionEnded();
    }
}

// Called after the sign-in or set-up form. Another user than before gets a freshly loaded page. The server's limits
// come with GET only.
export async function enter(answer: SignedIn, next: string): Promise<void> {
    beginSession();
    if (lastUser && lastUser !== answer.user.id) {
        broadcastSession({ said: 'in', user: answer.user.id });
        return location.replace(next);
    }
    broadcastSession({ said: 'in', user: answer.user.id });
    signedIn(answer);
    navigate(next, { replace: true });
    signedIn(await accounts.whoAmI());
}

export async function leave(): Promise<void> {
    await accounts.signOut().catch((error: unknown) => {
        if (!isApiError(error, 'unauthenticated')) throw error;
    });
    broadcastSession({ said: 'out' });
    noteSignedIn(false);
    signedOutBy.value = null;
    navigate(urls.signIn()); // first: else the current page would redirect here with itself as `next`
    clearSession();
}
