// The mock's API: a table of method, path and what it answers.
import { fleet } from './fleet.mjs';
import { jobRoutes } from './jobs.mjs';
import { checkName, fold, sha256, ulid } from './catalog.mjs';
import { Problem } from './problem.mjs';

const minimum = 10;
const ok = (json, status = 200, headers = {}) => ({ status, json, headers });
const done = { status: 204 };
const page = (items, query, map = (x) => x) => {
    const limit = Math.min(1000, Math.max(1, Number(query.get('limit') ?? 100)));
    const after = query.get('cursor');
    const begin = after ? items.findIndex((x) => (x.id ?? x) === after) + 1 : 0;
    const cut = items.slice(begin, begin + limit);
    return { items: cut.map(map), next_cursor: begin + limit < items.length ? cut.at(-1).id : null };
};

export function routes(catalog, uploads, state) {
    const entryView = ({ id, parent_id: parentId, space_id: spaceId, kind, name, size, mime, sha256: sha, version, created_at: createdAt, modified_at: modifiedAt, modified_by: modifiedBy }) =>
        ({ id, parent_id: parentId, space_id: spaceId, kind, name, size, mime, sha256: sha, version, created_at: createdAt, modified_at: modifiedAt, modified_by: modifiedBy });
    const trashView = (e) => ({ ...entryView(e), trashed_at: e.trashed_at, trashed_by: e.trashed_by, original_path: e.original_path });
    const spaceView = (s, user) => ({ id: s.id, name: s.name, kind: s.kind, root_id: s.root_id, role: s.members.get(user.id) ?? null, used_bytes: catalog.used(s), quota_bytes: s.quota_bytes, created_at: s.created_at });
    const usedBy = (u) => catalog.used([...catalog.spaces.values()].find((s) => s.kind === 'personal' && s.members.has(u.id)) ?? {});
    const userView = (u) => ({ id: u.id, username: u.username, role: u.role, disabled: u.disabled, quota_bytes: u.quota_bytes, used_bytes: usedBy(u), created_at: u.created_at, last_seen_at: u.last_seen_at });
    const sessionView = (s, current) => ({ id: s.id, created_at: s.at, last_seen_at: s.seen, expires_at: s.seen + 2592e6, user_agent: s.agent, address: '127.0.0.1', current });
    const tokenView = ({ id, name, scope, created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt }) => ({ id, name, scope: scope ?? 'write', created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt });
    const memberView = (space) => [...space.members].map(([id, role]) => ({ user_id: id, username: catalog.users.get(id).username, role }));
    const etag = (e) => `"${e.id}-${e.state}"`;
    const see = (c) => catalog.may((c.query.get('trashed') && catalog.entries.get(c.id)) || catalog.get(c.id), c.user);
    const change = (c) => catalog.may(catalog.get(c.id), c.user, true);
    const spaceOf = (c) => catalog.spaces.get(c.id) ?? fail('not_found', 'There is no such space.');
    const managed = (c) => (c.user.role === 'admin' || spaceOf(c).members.get(c.user.id) === 'manager' ? spaceOf(c) : fail('forbidden', 'Only a manager may do that.'));
    const fail = (code, detail, more) => { throw new Problem(code, detail, more); };
    const admin = (c) => c.user.role === 'admin' || fail('forbidden', 'Only administrators may do that.');
    const long = (password) => (String(password ?? '').length >= minimum ? password : fail('invalid', `A password needs ${minimum} characters.`));
    const signIn = (c, user, status) => {
        const session = { id: ulid(), secret: sha256(ulid()), user, at: Date.now(), seen: Date.now(), agent: c.request.headers['user-agent'] ?? '' };
        state.sessions.set(session.secret, session);
        user.last_seen_at = Date.now();
        catalog.note(user, 'session.create', user.username, user.id);
        return ok({ user: userView(user), session: sessionView(session, true) }, status, { 'Set-Cookie': `bodega=${session.secret}; HttpOnly; SameSite=Lax; Path=/` });
    };
    const end = (keep) => { for (const [k, s] of state.sessions) if (!keep(s)) state.sessions.delete(k); };
    const trashed = (space) => [...catalog.entries.values()].filter((e) => e.space_id === space.id && e.trashed_at).sort((a, b) => b.trashed_at - a.trashed_at);
    const inTrash = (c) => { const e = catalog.entries.get(c.id); return e?.trashed_at ? catalog.may(e, c.user, true) : fail('not_found', 'It is not in the trash any more.'); };
    const bytesOf = (v) => (v.bytes.make ? v.bytes.make() : v.bytes);
    const content = (c, e, v) => ({ status: 200, bytes: bytesOf(v), headers: { 'Content-Type': /^text\//.test(e.mime) || e.mime === 'application/json' ? 'text/plain; charset=utf-8' : e.mime, 'Content-Disposition': `${c.query.get('disposition') ?? 'attachment'}; filename*=UTF-8''${encodeURIComponent(e.name)}`, ETag: `"${v.sha256}"`, 'Accept-Ranges': 'bytes' } });

    return [
        ['GET', 'setup', () => ok({ needed: !catalog.users.size }), 'open'],
        ['POST', 'setup', (c) => {
            if (catalog.users.size) fail('gone', 'bodega is set up already.');
            if (c.body.token !== state.token) fail('forbidden', 'That link is not valid.');
            return signIn(c, catalog.add_user(checkName(c.body.username), long(c.body.password), 'admin'), 201);
        }, 'open'],
        ['POST', 'session', (c) => {
            const user = [...catalog.users.values()].find((u) => fold(u.username) === fold(String(c.body.username)));
            if (!user || user.password !== c.body.password || user.disabled) fail('unauthenticated', 'That user name and password do not match.');
            return signIn(c, user, 200);
        }, 'open'],
        ['GET', 'session', (c) => ok({ user: userView(c.user), session: sessionView(c.session, true), server: { version: 'mock', max_file: 5 * 2 ** 40, password_min_length: minimum, trash_keep: 2592e6 } })],
        ['DELETE', 'session', (c) => (state.sessions.delete(c.session.secret), done)],
        ['GET', 'sessions', (c) => ok({ items: [...state.sessions.values()].filter((s) => s.user === c.user).map((s) => sessionView(s, s === c.session)) })],
        ['DELETE', 'sessions', (c) => (end((s) => s.user !== c.user || s === c.session), done)],
        ['DELETE', 'sessions/:id', (c) => (end((s) => s.id !== c.id), done)],
        ['PUT', 'password', (c) => {
            if (c.body.current_password !== c.user.password) fail('forbidden', 'The current password is another.');
            c.user.password = long(c.body.new_password);
            end((s) => s.user !== c.user || s === c.session);
            return done;
        }],
        ['GET', 'tokens', (c) => ok({ items: state.tokens.filter((t) => t.user === c.user).map(tokenView) })],
        ['POST', 'tokens', (c) => {
            const token = { id: ulid(), user: c.user, name: checkName(c.body.name), scope: c.body.scope ?? 'write', created_at: Date.now(), last_used_at: null, expires_at: c.body.expires_at ?? null };
            state.tokens.unshift(token);
            return ok({ ...tokenView(token), token: 'bodega_' + sha256(ulid()).slice(0, 43) }, 201);
        }],
        ['DELETE', 'tokens/:id', (c) => (state.tokens.splice(state.tokens.findIndex((t) => t.id === c.id), 1), done)],
        ['GET', 'users', (c) => admin(c) && ok(page([...catalog.users.values()].filter((u) => fold(u.username).includes(fold(c.query.get('q') ?? ''))), c.query, userView))],
        ['POST', 'users', (c) => { admin(c); const user = catalog.add_user(checkName(c.body.username), long(c.body.password), c.body.role, c.body.quota_bytes); catalog.note(c.user, 'user.create', user.username, user.id); return ok(userView(user), 201); }],
        ['PATCH', 'users/:id', (c) => {
            admin(c);
            const user = catalog.users.get(c.id);
            if (user === c.user && (c.body.disabled || c.body.role === 'member')) fail('conflict', 'The last administrator has to stay one.');
            const { role = user.role, quota_bytes: quotaBytes = user.quota_bytes, disabled = user.disabled, password = user.password } = c.body;
            const ended = { sessions: 0, tokens: 0 };
            if (c.body.password || c.body.disabled) {
                ended.tokens = state.tokens.filter((t) => t.user === user).length;
                ended.sessions = [...state.sessions.values()].filter((s) => s.user === user && s !== c.session).length;
                state.tokens.splice(0, state.tokens.length, ...state.tokens.filter((t) => t.user !== user));
                end((s) => s.user !== user || s === c.session);
            }
            return ok({ ...userView(Object.assign(user, { role, quota_bytes: quotaBytes, disabled, password: long(password) })), ended });
        }],
        ['DELETE', 'users/:id', (c) => { admin(c); catalog.users.delete(c.id); for (const s of catalog.spaces.values()) if (s.members.delete(c.id) && s.kind === 'personal') { s.kind = 'team'; s.members.set(c.user.id, 'manager'); } return done; }],
        ['GET', 'users/:id/sessions', (c) => admin(c) && ok({ items: [...state.sessions.values()].filter((s) => s.user.id === c.id).map((s) => sessionView(s, s === c.session)) })],
        ['DELETE', 'users/:id/sessions/:other', (c) => { admin(c); end((s) => s.id !== c.other); return done; }],
        ['GET', 'users/:id/tokens', (c) => admin(c) && ok({ items: state.tokens.filter((t) => t.user.id === c.id).map(tokenView) })],
        ['DELETE', 'users/:id/lockout', (c) => admin(c) && done],
        ['GET', 'people', (c) => ok({ items: [...catalog.users.values()].filter((u) => fold(u.username).includes(fold(c.query.get('q') ?? ''))).slice(0, 20).map(({ id, username }) => ({ id, username })) })],
        ['GET', 'spaces', (c) => ok({ items: [...catalog.spaces.values()].filter((s) => s.members.has(c.user.id) || (c.query.get('all') && admin(c))).map((s) => spaceView(s, c.user)).sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'personal' ? -1 : 1)), next_cursor: null })],
        ['POST', 'spaces', (c) => admin(c) && ok(spaceView(catalog.add_space(checkName(c.body.name), 'team', c.user, c.body.quota_bytes ?? null), c.user), 201)],
        ['PATCH', 'spaces/:id', (c) => ok(spaceView(Object.assign(managed(c), c.body), c.user))],
        ['GET', 'spaces/:id/members', (c) => ok({ items: memberView(spaceOf(c)) })],
        ['PUT', 'spaces/:id/members/:other', (c) => {
            const { members } = managed(c);
            if (c.body.role !== 'manager' && members.get(c.other) === 'manager' && [...members.values()].filter((r) => r === 'manager').length === 1) fail('conflict', 'A space keeps at least one manager.');
            members.set(c.other, c.body.role);
            catalog.note(c.user, 'member.put', catalog.users.get(c.other).username, c.other);
            return ok(memberView(spaceOf(c)).find((m) => m.user_id === c.other)); }],
        ['DELETE', 'spaces/:id/members/:other', (c) => {
            const members = managed(c).members;
            if (members.get(c.other) === 'manager' && [...members.values()].filter((r) => r === 'manager').length === 1) fail('conflict', 'A space keeps at least one manager.');
            return members.delete(c.other), done;
        }],
        ['GET', 'spaces/:id/trash', (c) => ok(page(trashed(spaceOf(c)), c.query, trashView))],
        ['DELETE', 'spaces/:id/trash', (c) => (trashed(spaceOf(c)).forEach((e) => catalog.erase(e)), done)],
        ...jobRoutes(catalog),
        ['GET', 'entries/:id', (c) => { const e = see(c); return ok({ ...entryView(e), path: catalog.path(e), role: catalog.role(e, c.user), children_count: e.kind === 'folder' ? e.children.size : null }, 200, { ETag: etag(e) }); }],
        ['GET', 'entries/:id/children', (c) => {
            const e = see(c);
            if (c.request.headers['if-none-match'] === etag(e)) return { status: 304, headers: { ETag: etag(e) } };
            const all = catalog.children(e, c.query.get('sort') ?? 'name', c.query.get('order') ?? 'asc');
            return ok({ ...page(all, c.query, entryView), total: all.length }, 200, { ETag: etag(e) });
        }],
        ['POST', 'entries/:id/folders', (c) => { const e = catalog.add_folder(change(c), c.body.name, c.user); catalog.note(c.user, 'entry.create', e.name, e.id); return ok(entryView(e), 201); }],
        ['PUT', 'entries/:id/files/:other', (c) => { const { entry, fresh } = catalog.put_file(change(c), c.other, c.bytes, c.user); return ok(entryView(entry), fresh ? 201 : 200); }],
        ['GET', 'entries/:id/content', (c) => { const e = see(c); return content(c, e, e.versions[0]); }],
        ['GET', 'entries/:id/versions', (c) => ok({ items: see(c).versions.map(({ bytes, ...v }) => v) })],
        ['GET', 'entries/:id/versions/:other/content', (c) => { const e = see(c); return content(c, e, e.versions.find((v) => v.version === Number(c.other))); }],
        ['POST', 'entries/:id/versions/:other/restore', (c) => ok(entryView(catalog.restore_version(change(c), Number(c.other), c.user)))],
        ['PATCH', 'entries/:id', (c) => {
            const e = change(c), old = e.name;
            catalog.move(e, c.body.parent_id ? catalog.may(catalog.get(c.body.parent_id), c.user, true) : catalog.get(e.parent_id), c.body.name);
            catalog.note(c.user, c.body.parent_id ? 'entry.move' : 'entry.rename', e.name, e.id, { from: old });
            return ok(entryView(e));
        }],
        ['POST', 'entries/:id/copies', (c) => ok(entryView(catalog.copy(see(c), catalog.may(catalog.get(c.body.parent_id), c.user, true), c.body.name, c.user)), 201)],
        ['DELETE', 'entries/:id', (c) => {
            if (c.query.get('permanent')) catalog.erase(catalog.entries.get(c.id)?.trashed_at ? inTrash(c) : change(c));
            else catalog.trash(change(c), c.user);
            catalog.note(c.user, 'entry.trash', catalog.entries.get(c.id)?.name ?? c.id, c.id);
            return done;
        }],
        ['POST', 'entries/:id/restore', (c) => ok(entryView(catalog.restore(inTrash(c), c.body?.parent_id, c.body?.name)))],
        ['GET', 'search', (c) => {
            const q = fold(c.query.get('q') ?? ''), space = c.query.get('space_id');
            const alive = (e) => { for (let x = e; x; x = catalog.entries.get(x.parent_id)) if (x.trashed_at) return false; return true; };
            const found = [...catalog.entries.values()].filter((e) => e.parent_id && catalog.role(e, c.user) && (!space || e.space_id === space) && fold(e.name).includes(q) && alive(e));
            return ok(page(found, c.query, (e) => ({ ...entryView(e), path: catalog.path(e) })));
        }],
        ['GET', 'audit', (c) => {
            admin(c);
            const asked = (name) => c.query.get(name), person = catalog.users.get(asked('user_id'))?.username;
            const fits = (a) => (!asked('action') || a.action === asked('action')) && (!asked('user_id') || a.user === person) && (!asked('entry_id') || a.target_id === asked('entry_id'))
                && (!asked('since') || a.at >= Number(asked('since'))) && (!asked('until') || a.at < Number(asked('until')));
            return ok(page(catalog.audit.filter(fits), c.query));
        }],
        ['GET', 'nodes', (c) => admin(c) && ok(fleet(uploads.list(c.user).length))],
        ['GET', 'uploads', (c) => ok({ items: uploads.list(c.user) })],
    ];
}
