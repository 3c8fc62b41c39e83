// The mock's set-up, sign-in, sessions, password and tokens.
import { checkName, fold, sha256, ulid } from '../catalog.mjs';
import { shortestPassword, ok, done, fail, checkPassword, tokenView, sessionView } from '../context.mjs';

export function sessionRoutes(context) {
    const { catalog, state } = context;
    return [
        ['GET', 'setup', () => ok({ needed: !catalog.users.size }), 'open'],
        [
            'POST',
            'setup',
            (c) => {
                if (catalog.users.size) fail('gone', 'bodega is set up already.');
                if (c.body.token !== state.token) fail('forbidden', 'That link is not valid.');
                return context.signIn(
                    c,
                    catalog.addUser(checkName(c.body.username), checkPassword(c.body.password), 'admin'),
                    201,
                );
            },
            'open',
        ],
        [
            'POST',
            'session',
            (c) => {
                const user = [...catalog.users.values()].find(
                    (u) => fold(u.username) === fold(String(c.body.username)),
                );
                if (!user || user.password !== c.body.password || user.disabled)
                    fail('unauthenticated', 'That user name and password do not match.');
                return context.signIn(c, user, 200);
            },
            'open',
        ],
        [
            'GET',
            'session',
            (c) =>
                ok({
                    user: context.userView(c.user),
                    session: sessionView(c.session, true),
                    server: {
                        version: 'mock',
                        max_file: 5 * 2 ** 40,
                        password_min_length: shortestPassword,
                        trash_keep: 2592e6,
                    },
                }),
        ],
        ['DELETE', 'session', (c) => (state.sessions.delete(c.session.secret), done)],
        [
            'GET',
            'sessions',
            (c) =>
                ok({
                    items: [...state.sessions.values()]
                        .filter((s) => s.user === c.user)
                        .map((s) => sessionView(s, s === c.session)),
                }),
        ],
        ['DELETE', 'sessions', (c) => (context.endSessions((s) => s.user !== c.user || s === c.session), done)],
        ['DELETE', 'sessions/:id', (c) => (context.endSessions((s) => s.id !== c.id), done)],
        [
            'PUT',
            'password',
            (c) => {
                if (c.body.current_password !== c.user.password) fail('forbidden', 'The current password is another.');
                c.user.password = checkPassword(c.body.new_password);
                context.endSessions((s) => s.user !== c.user || s === c.session);
                return done;
            },
        ],
        ['GET', 'tokens', (c) => ok({ items: state.tokens.filter((t) => t.user === c.user).map(tokenView) })],
        [
            'POST',
            'tokens',
            (c) => {
                const token = {
                    id: ulid(),
                    user: c.user,
                    name: checkName(c.body.name),
                    scope: c.body.scope ?? 'write',
                    created_at: Date.now(),
                    last_used_at: null,
                    expires_at: c.body.expires_at ?? null,
                };
                state.tokens.unshift(token);
                return ok({ ...tokenView(token), token: 'bodega_' + sha256(ulid()).slice(0, 43) }, 201);
            },
        ],
        [
            'DELETE',
            'tokens/:id',
            (c) => (
                state.tokens.splice(
                    state.tokens.findIndex((t) => t.id === c.id),
                    1,
                ),
                done
            ),
        ],
    ];
}
