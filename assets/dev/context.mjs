// Shared by the mock's calls: the API's shapes of the catalog's rows, and the permissions.
import { sha256, ulid } from './catalog.mjs';
import { Problem } from './problem.mjs';

export const shortestPassword = 10;

export const ok = (json, status = 200, headers = {}) => ({ status, json, headers });
export const done = { status: 204 };

export function page(items, query, view = (x) => x) {
    const limit = Math.min(1000, Math.max(1, Number(query.get('limit') ?? 100)));
    const after = query.get('cursor');
    const begin = after ? items.findIndex((x) => (x.id ?? x) === after) + 1 : 0;
    const cut = items.slice(begin, begin + limit);
    return { items: cut.map(view), next_cursor: begin + limit < items.length ? cut.at(-1).id : null };
}

export function fail(code, detail, more) {
    throw new Problem(code, detail, more);
}

export const admin = (c) => c.user.role === 'admin' || fail('forbidden', 'Only administrators may do that.');

export const checkPassword = (password) =>
    String(password ?? '').length >= shortestPassword
        ? password
        : fail('invalid', `A password needs ${shortestPassword} characters.`);

const pick = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]));

export const entryView = (e) =>
    pick(
        e,
        'id',
        'parent_id',
        'space_id',
        'kind',
        'name',
        'size',
        'mime',
        'sha256',
        'version',
        'created_at',
        'modified_at',
        'modified_by',
    );
export const trashView = (e) => ({ ...entryView(e), ...pick(e, 'trashed_at', 'trashed_by', 'original_path') });
export const tokenView = (token) => ({
    ...pick(token, 'id', 'name', 'created_at', 'last_used_at', 'expires_at'),
    scope: token.scope ?? 'write',
});
export const sessionView = (s, current) => ({
    id: s.id,
    created_at: s.at,
    last_seen_at: s.seen,
    expires_at: s.seen + 2592e6,
    user_agent: s.agent,
    address: '127.0.0.1',
    current,
});

export const etag = (e) => `"${e.id}-${e.state}"`;

// A call is { id, other, query, body, bytes, user, session, request }.
export class Context {
    constructor(catalog, uploads, state) {
        Object.assign(this, { catalog, uploads, state });
    }

    spaceView(s, user) {
        return {
            ...pick(s, 'id', 'name', 'kind', 'root_id', 'quota_bytes', 'created_at'),
            role: s.members.get(user.id) ?? null,
            used_bytes: this.catalog.used(s),
        };
    }

    userView(u) {
        const personal = [...this.catalog.spaces.values()].find((s) => s.kind === 'personal' && s.members.has(u.id));
        return {
            ...pick(u, 'id', 'username', 'role', 'disabled', 'quota_bytes', 'created_at', 'last_seen_at'),
            used_bytes: this.catalog.used(personal ?? {}),
        };
    }

    members(space) {
        return [...space.members].map(([id, role]) => ({
            user_id: id,
            username: this.catalog.users.get(id).username,
            role,
        }));
    }

    // The entry of a call: see() for a caller that may see it, and below for one that may change it.
    see(c) {
        return this.catalog.may(
            (c.query.get('trashed') && this.catalog.entries.get(c.id)) || this.catalog.get(c.id),
            c.user,
        );
    }

    change(c) {
        return this.catalog.may(this.catalog.get(c.id), c.user, true);
    }

    inTrash(c) {
        const e = this.catalog.entries.get(c.id);
        return e?.trashed_at
            ? this.catalog.may(e, c.user, true)
            : fail('not_found', 'It is not in the trash any more.');
    }

    trashed(space) {
        return [...this.catalog.entries.values()]
            .filter((e) => e.space_id === space.id && e.trashed_at)
            .sort((a, b) => b.trashed_at - a.trashed_at);
    }

    space(c) {
        return this.catalog.spaces.get(c.id) ?? fail('not_found', 'There is no such space.');
    }

    managed(c) {
        return c.user.role === 'admin' || this.space(c).members.get(c.user.id) === 'manager'
            ? this.space(c)
            : fail('forbidden', 'Only a manager may do that.');
    }

    signIn(c, user, status) {
        const session = {
            id: ulid(),
            secret: sha256(ulid()),
            user,
            at: Date.now(),
            seen: Date.now(),
            agent: c.request.headers['user-agent'] ?? '',
        };
        this.state.sessions.set(session.secret, session);
        user.last_seen_at = Date.now();
        this.catalog.note(user, 'session.create', user.username, user.id);
        return ok({ user: this.userView(user), session: sessionView(session, true) }, status, {
            'Set-Cookie': `bodega=${session.secret}; HttpOnly; SameSite=Lax; Path=/`,
        });
    }

    endSessions(keep) {
        for (const [key, session] of this.state.sessions) if (!keep(session)) this.state.sessions.delete(key);
    }
}
