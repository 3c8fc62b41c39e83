// The mock's API: a table of method, path and what it answers.
import { Context, admin, ok, page } from './context.mjs';
import { fleet } from './fleet.mjs';
import { jobRoutes } from './jobs.mjs';
import { entryRoutes } from './routes/entries.mjs';
import { sessionRoutes } from './routes/session.mjs';
import { spaceRoutes } from './routes/spaces.mjs';
import { userRoutes } from './routes/users.mjs';

export function routes(catalog, uploads, state) {
    const context = new Context(catalog, uploads, state);
    return [
        ...sessionRoutes(context),
        ...userRoutes(context),
        ...spaceRoutes(context),
        ...jobRoutes(catalog),
        ...entryRoutes(context),
        [
            'GET',
            'audit',
            (c) => {
                admin(c);
                const asked = (name) => c.query.get(name),
                    person = catalog.users.get(asked('user_id'))?.username;
                const fits = (a) =>
                    (!asked('action') || a.action === asked('action')) &&
                    (!asked('user_id') || a.user === person) &&
                    (!asked('entry_id') || a.target_id === asked('entry_id')) &&
                    (!asked('since') || a.at >= Number(asked('since'))) &&
                    (!asked('until') || a.at < Number(asked('until')));
                return ok(page(catalog.audit.filter(fits), c.query));
            },
        ],
        ['GET', 'nodes', (c) => admin(c) && ok(fleet(uploads.list(c.user).length))],
        ['GET', 'uploads', (c) => ok({ items: uploads.list(c.user) })],
    ];
}
