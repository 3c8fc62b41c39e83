// Who is signed in, and the way to the sign-in page and back.
import { signal } from '@preact/signals';
import * as accounts from '../api/accounts';
import { begin_session, on_signed_out } from '../api/call';
import { is_refusal } from '../api/refusal';
import type { Server, SignedIn, User } from '../api/shapes';
import { close_all } from './dialogs';
import { forget_folders } from './folders';
import { address, navigate, route } from './route';

// undefined: not known yet; null: nobody.
export const me = signal<User | null | undefined>(undefined);
export const server = signal<Server>({ version: '', max_file: 0, password_min_length: 10 });

let last_user: string | null = null;

export function signed_in(answer: SignedIn): void {
    if (answer.server) server.value = answer.server;
    me.value = answer.user;
    last_user = answer.user.id;
}

const open_pages = ['setup', 'sign-in'];

// Nobody is signed in: what the page remembers of the last person's folders goes. Views that are on screen keep theirs
// until they are taken down, so this must not run while somebody looks at a folder.
function nobody(): void {
    me.value = null;
    close_all();
    forget_folders();
}

function to_sign_in(): void {
    nobody();
    if (open_pages.includes(route.peek().page)) return;
    const { path, search } = address.peek();
    const next = path + search;
    navigate('/sign-in' + (next === '/' ? '' : `?next=${encodeURIComponent(next)}`), { replace: true });
}

export async function start(): Promise<void> {
    on_signed_out(to_sign_in);
    try {
        signed_in(await accounts.who_am_i());
    } catch (error) {
        if (!is_refusal(error, 'unauthenticated')) throw error;
        to_sign_in();
    }
}

// After the sign-in or set-up form: the server's facts come with GET, not with POST.
// Somebody else than before starts with a page that remembers nothing.
export async function enter(answer: SignedIn, next: string): Promise<void> {
    begin_session();
    if (last_user && last_user !== answer.user.id) return location.replace(next);
    signed_in(answer);
    navigate(next, { replace: true });
    signed_in(await accounts.who_am_i());
}

export async function leave(): Promise<void> {
    await accounts.sign_out().catch((error: unknown) => {
        if (!is_refusal(error, 'unauthenticated')) throw error;
    });
    nobody();
    navigate('/sign-in');
}
