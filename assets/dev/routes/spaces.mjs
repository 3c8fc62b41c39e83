// The mock's spaces and their members.
import { checkName } from '../catalog.mjs';
import { ok, done, page, fail, admin, trashView } from '../context.mjs';

export function spaceRoutes(context) {
    const { catalog } = context;
    return [
        [
            'GET',
            'spaces',
            (c) =>
                ok({
                    items: [...catalog.spaces.values()]
                        .filter((s) => s.members.has(c.user.id) || (c.query.get('all') && admin(c)))
                        .map((s) => context.spaceView(s, c.user))
                        .sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'personal' ? -1 : 1)),
                    next_cursor: null,
                }),
        ],
        [
            'POST',
            'spaces',
            (c) =>
                admin(c) &&
                ok(
                    context.spaceView(
                        catalog.addSpace(checkName(c.body.name), 'team', c.user, c.body.quota_bytes ?? null),
                        c.user,
                    ),
                    201,
                ),
        ],
        ['PATCH', 'spaces/:id', (c) => ok(context.spaceView(Object.assign(context.managed(c), c.body), c.user))],
        ['GET', 'spaces/:id/members', (c) => ok({ items: context.members(context.space(c)) })],
        [
            'PUT',
            'spaces/:id/members/:other',
            (c) => {
                const { members } = context.managed(c);
                if (
                    c.body.role !== 'manager' &&
                    members.get(c.other) === 'manager' &&
                    [...members.values()].filter((r) => r === 'manager').length === 1
                )
                    fail('conflict', 'A space keeps at least one manager.');
                members.set(c.other, c.body.role);
                catalog.note(c.user, 'member.put', catalog.users.get(c.other).username, c.other);
                return ok(context.members(context.space(c)).find((m) => m.user_id === c.other));
            },
        ],
        [
            'DELETE',
            'spaces/:id/members/:other',
            (c) => {
                const members = context.managed(c).members;
                if (
                    members.get(c.other) === 'manager' &&
                    [...members.values()].filter((r) => r === 'manager').length === 1
                )
                    fail('conflict', 'A space keeps at least one manager.');
                return (members.delete(c.other), done);
            },
        ],
        ['GET', 'spaces/:id/trash', (c) => ok(page(context.trashed(context.space(c)), c.query, trashView))],
        [
            'DELETE',
            'spaces/:id/trash',
            (c) => (context.trashed(context.space(c)).forEach((e) => catalog.erase(e)), done),
        ],
    ];
}
