// The mock's files and folders.
import { fold } from '../catalog.mjs';
import { ok, done, page, entryView, etag } from '../context.mjs';

const bytesOf = (v) => (v.bytes.make ? v.bytes.make() : v.bytes);
const content = (c, e, v) => ({
    status: 200,
    bytes: bytesOf(v),
    headers: {
        'Content-Type': /^text\//.test(e.mime) || e.mime === 'application/json' ? 'text/plain; charset=utf-8' : e.mime,
        'Content-Disposition': `${c.query.get('disposition') ?? 'attachment'}; filename*=UTF-8''${encodeURIComponent(e.name)}`,
        ETag: `"${v.sha256}"`,
        'Accept-Ranges': 'bytes',
    },
});

export function entryRoutes(context) {
    const { catalog } = context;
    return [
        [
            'GET',
            'entries/:id',
            (c) => {
                const e = context.see(c);
                return ok(
                    {
                        ...entryView(e),
                        path: catalog.path(e),
                        role: catalog.role(e, c.user),
                        children_count: e.kind === 'folder' ? e.children.size : null,
                    },
                    200,
                    { ETag: etag(e) },
                );
            },
        ],
        [
            'GET',
            'entries/:id/children',
            (c) => {
                const e = context.see(c);
                if (c.request.headers['if-none-match'] === etag(e)) return { status: 304, headers: { ETag: etag(e) } };
                const all = catalog.children(e, c.query.get('sort') ?? 'name', c.query.get('order') ?? 'asc');
                return ok({ ...page(all, c.query, entryView), total: all.length }, 200, { ETag: etag(e) });
            },
        ],
        [
            'POST',
            'entries/:id/folders',
            (c) => {
                const e = catalog.addFolder(context.change(c), c.body.name, c.user);
                catalog.note(c.user, 'entry.create', e.name, e.id);
                return ok(entryView(e), 201);
            },
        ],
        [
            'PUT',
            'entries/:id/files/:other',
            (c) => {
                const { entry, fresh } = catalog.putFile(context.change(c), c.other, c.bytes, c.user);
                return ok(entryView(entry), fresh ? 201 : 200);
            },
        ],
        [
            'GET',
            'entries/:id/content',
            (c) => {
                const e = context.see(c);
                return content(c, e, e.versions[0]);
            },
        ],
        ['GET', 'entries/:id/versions', (c) => ok({ items: context.see(c).versions.map(({ bytes, ...v }) => v) })],
        [
            'GET',
            'entries/:id/versions/:other/content',
            (c) => {
                const e = context.see(c);
                return content(
                    c,
                    e,
                    e.versions.find((v) => v.version === Number(c.other)),
                );
            },
        ],
        [
            'POST',
            'entries/:id/versions/:other/restore',
            (c) => ok(entryView(catalog.restoreVersion(context.change(c), Number(c.other), c.user))),
        ],
        [
            'PATCH',
            'entries/:id',
            (c) => {
                const e = context.change(c),
                    old = e.name;
                catalog.move(
                    e,
                    c.body.parent_id
                        ? catalog.may(catalog.get(c.body.parent_id), c.user, true)
                        : catalog.get(e.parent_id),
                    c.body.name,
                );
                catalog.note(c.user, c.body.parent_id ? 'entry.move' : 'entry.rename', e.name, e.id, { from: old });
                return ok(entryView(e));
            },
        ],
        [
            'POST',
            'entries/:id/copies',
            (c) =>
                ok(
                    entryView(
                        catalog.copy(
                            context.see(c),
                            catalog.may(catalog.get(c.body.parent_id), c.user, true),
                            c.body.name,
                            c.user,
                        ),
                    ),
                    201,
                ),
        ],
        [
            'DELETE',
            'entries/:id',
            (c) => {
                if (c.query.get('permanent'))
                    catalog.erase(catalog.entries.get(c.id)?.trashed_at ? context.inTrash(c) : context.change(c));
                else catalog.trash(context.change(c), c.user);
                catalog.note(c.user, 'entry.trash', catalog.entries.get(c.id)?.name ?? c.id, c.id);
                return done;
            },
        ],
        [
            'POST',
            'entries/:id/restore',
            (c) => ok(entryView(catalog.restore(context.inTrash(c), c.body?.parent_id, c.body?.name))),
        ],
        [
            'GET',
            'search',
            (c) => {
                const q = fold(c.query.get('q') ?? ''),
                    space = c.query.get('space_id');
                const alive = (e) => {
                    for (let x = e; x; x = catalog.entries.get(x.parent_id)) if (x.trashed_at) return false;
                    return true;
                };
                const found = [...catalog.entries.values()].filter(
                    (e) =>
                        e.parent_id &&
                        catalog.role(e, c.user) &&
                        (!space || e.space_id === space) &&
                        fold(e.name).includes(q) &&
                        alive(e),
                );
                return ok(page(found, c.query, (e) => ({ ...entryView(e), path: catalog.path(e) })));
            },
        ],
    ];
}
