// Who is signed in, and the way to the sign-in page and back.
import { effect, signal, untracked } from '@preact/signals';
import * as accounts from '../api/accounts';
import { act_as, begin_session, on_other_account, on_signed_out } from '../api/call';
import { is_refusal } from '../api/error';
import type { Server, SignedIn, User } from '../api/shapes';
import { t } from '../i18n/language';
import { close_all } from './dialogs';
import { forget_folders } from './folders';
import { clip } from './current-folder';
import { address, navigate, route } from './route';
import { hear_tabs, tell_tabs, type Word } from './session-channel';
import { dismiss_all, say } from './toasts';

// undefined: not known yet; null: nobody.
export const me = signal<User | null | undefined>(undefined);
export const server = signal<Server>({ version: '', max_file: 0, password_min_length: 10, trash_keep: 0 });

// Why the sign-in page is shown to somebody who did not ask for it.
export const signed_out_by = signal<'end' | 'tab' | null>(null);

// Kept by the browser, so that a page that is loaded after a session's end knows that there was one.
const was_in = 'bodega.signed_in';

function note_signed_in(is_in: boolean): void {
    try {
        if (is_in) localStorage.setItem(was_in, '1');
        else localStorage.removeItem(was_in);
    } catch {
        // then the sign-in page gives no reason
    }
}

function was_signed_in(): boolean {
    try {
        return localStorage.getItem(was_in) !== null;
    } catch {
        return false;
    }
}

let last_user: string | null = null;

export function signed_in(answer: SignedIn): void {
    if (answer.server) server.value = answer.server;
    act_as(answer.user.id);
    me.value = answer.user;
    signed_out_by.value = null;
    note_signed_in(true);
    last_user = answer.user.id;
}

const open_pages = ['setup', 'sign-in'];

// Nobody is signed in: what the page remembers of the last person's folders goes. Views that are on screen keep theirs
// until they are taken down, so this must not run while somebody looks at a folder.
function nobody(): void {
    act_as(null);
    me.value = null;
    close_all();
    forget_folders();
    dismiss_all();
    clip.value = null;
}

function to_sign_in(): void {
    nobody();
    if (open_pages.includes(route.peek().page)) return;
    const { path, search } = address.peek();
    const next = path + search;
    navigate('/sign-in' + (next === '/' ? '' : `?next=${encodeURIComponent(next)}`), { replace: true });
}

// What stops for a person who is not the one in this page any more.
const farewells: (() => void)[] = [];
export const on_other_person = (action: () => void): void => void farewells.push(action);

// With a page that remembers nothing of who was here.
function load_anew(): void {
    farewells.forEach((action) => action());
    const { path, search } = address.peek();
    const here = route.peek();
    location.replace(here.page === 'sign-in' ? here.next : path + search);
}

const told = 'bodega.account_changed'; // across that

// A call was refused, since this browser is signed in as somebody else by now, whom no other page told of.
function as_other_account(): void {
    sessionStorage.setItem(told, 'yes');
    load_anew();
}

function tell_account(user: User): void {
    if (sessionStorage.getItem(told) === null) return;
    sessionStorage.removeItem(told);
    say(t('session.now', { name: user.username }));
}

// Another page of this browser signed in or out: this one shows who it acts as.
function follow(word: Word): void {
    const now = me.peek();
    if (now === undefined) return;
    if (word.said === 'in') {
        if (now?.id === word.user) return;
        load_anew();
    } else if (now) {
        farewells.forEach((action) => action());
        signed_out_by.value = 'tab';
        to_sign_in();
    }
}

function session_ended(): void {
    if (was_signed_in()) signed_out_by.value = 'end';
    to_sign_in();
}

export async function start(): Promise<void> {
    on_signed_out(session_ended);
    on_other_account(as_other_account);
    hear_tabs(follow);
    // A page that the browser kept whole may show an account that has signed out.
    window.addEventListener('pageshow', (event) => event.persisted && location.reload());
    // After signing out, Back leads to pages that need somebody.
    effect(() => {
        if (me.value === null && !open_pages.includes(route.value.page)) untracked(to_sign_in);
    });
    try {
        const answer = await accounts.who_am_i();
        signed_in(answer);
        tell_account(answer.user);
    } catch (error) {
        if (!is_refusal(error, 'unauthenticated')) throw error;
        session_ended();
    }
}

// After the sign-in or set-up form: the server's facts come with GET, not with POST.
// Somebody else than before starts with a page that remembers nothing.
export async function enter(answer: SignedIn, next: string): Promise<void> {
    begin_session();
    if (last_user && last_user !== answer.user.id) {
        tell_tabs({ said: 'in', user: answer.user.id });
        return location.replace(next);
    }
    tell_tabs({ said: 'in', user: answer.user.id });
    signed_in(answer);
    navigate(next, { replace: true });
    signed_in(await accounts.who_am_i());
}

export async function leave(): Promise<void> {
    await accounts.sign_out().catch((error: unknown) => {
        if (!is_refusal(error, 'unauthenticated')) throw error;
    });
    tell_tabs({ said: 'out' });
    note_signed_in(false);
    signed_out_by.value = null;
    navigate('/sign-in'); // first: a page that needs somebody would lead here with itself as the next one
    nobody();
}
