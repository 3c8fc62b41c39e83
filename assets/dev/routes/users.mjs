// The mock's accounts.
import { checkName, fold } from '../catalog.mjs';
import { ok, done, page, fail, admin, checkPassword, tokenView, sessionView } from '../context.mjs';

export function userRoutes(context) {
    const { catalog, state } = context;
    return [
        [
            'GET',
            'users',
            (c) =>
                admin(c) &&
                ok(
                    page(
                        [...catalog.users.values()].filter((u) =>
                            fold(u.username).includes(fold(c.query.get('q') ?? '')),
                        ),
                        c.query,
                        (u) => context.userView(u),
                    ),
                ),
        ],
        [
            'POST',
            'users',
            (c) => {
                admin(c);
                const user = catalog.addUser(
                    checkName(c.body.username),
                    checkPassword(c.body.password),
                    c.body.role,
                    c.body.quota_bytes,
                );
                catalog.note(c.user, 'user.create', user.username, user.id);
                return ok(context.userView(user), 201);
            },
        ],
        [
            'PATCH',
            'users/:id',
            (c) => {
                admin(c);
                const user = catalog.users.get(c.id);
                if (user === c.user && (c.body.disabled || c.body.role === 'member'))
                    fail('conflict', 'The last administrator has to stay one.');
                const {
                    role = user.role,
                    quota_bytes: quotaBytes = user.quota_bytes,
                    disabled = user.disabled,
                    password = user.password,
                } = c.body;
                const ended = { sessions: 0, tokens: 0 };
                if (c.body.password || c.body.disabled) {
                    ended.tokens = state.tokens.filter((t) => t.user === user).length;
                    ended.sessions = [...state.sessions.values()].filter(
                        (s) => s.user === user && s !== c.session,
                    ).length;
                    state.tokens.splice(0, state.tokens.length, ...state.tokens.filter((t) => t.user !== user));
                    context.endSessions((s) => s.user !== user || s === c.session);
                }
                return ok({
                    ...context.userView(
                        Object.assign(user, {
                            role,
                            quota_bytes: quotaBytes,
                            disabled,
                            password: checkPassword(password),
                        }),
                    ),
                    ended,
                });
            },
        ],
        [
            'DELETE',
            'users/:id',
            (c) => {
                admin(c);
                catalog.users.delete(c.id);
                for (const s of catalog.spaces.values())
                    if (s.members.delete(c.id) && s.kind === 'personal') {
                        s.kind = 'team';
                        s.members.set(c.user.id, 'manager');
                    }
                return done;
            },
        ],
        [
            'GET',
            'users/:id/sessions',
            (c) =>
                admin(c) &&
                ok({
                    items: [...state.sessions.values()]
                        .filter((s) => s.user.id === c.id)
                        .map((s) => sessionView(s, s === c.session)),
                }),
        ],
        [
            'DELETE',
            'users/:id/sessions/:other',
            (c) => {
                admin(c);
                context.endSessions((s) => s.id !== c.other);
                return done;
            },
        ],
        [
            'GET',
            'users/:id/tokens',
            (c) => admin(c) && ok({ items: state.tokens.filter((t) => t.user.id === c.id).map(tokenView) }),
        ],
        ['DELETE', 'users/:id/lockout', (c) => admin(c) && done],
        [
            'GET',
            'people',
            (c) =>
                ok({
                    items: [...catalog.users.values()]
                        .filter((u) => fold(u.username).includes(fold(c.query.get('q') ?? '')))
                        .slice(0, 20)
                        .map(({ id, username }) => ({ id, username })),
                }),
        ],
    ];
}
