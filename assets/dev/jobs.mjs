// The mock's jobs: each has ended with its first answer.
import { ulid } from './catalog.mjs';
import { Problem } from './problem.mjs';

const back = { trash: 'restore', restore: 'trash', copy: 'trash', move: 'move' };

// Runs the action on one entry, and returns what an undo needs.
function actOn(catalog, user, id, { act, into, name }) {
    const e = catalog.entries.get(id);
    if (!e) throw new Problem('not_found', 'It is not there any more.');
    catalog.may(e, user, act !== 'copy');
    const to = into && catalog.may(catalog.get(into), user, true);
    const was = { id, parent: e.parent_id, name: e.name };
    if (act === 'trash') catalog.trash(e, user);
    else if (act === 'erase') catalog.erase(e);
    else if (act === 'restore') catalog.restore(e, into, name);
    else if (act === 'move') catalog.move(e, to, name);
    else return { ...was, result: catalog.copy(e, to, name, user).id };
    return was;
}

const numbered = (name, n) => name.replace(/(\.[^.]{1,11})?$/, (extension) => ` (${n})${extension}`);

function withFreeName(attempt, name, rename) {
    for (let n = 1; ; n++) {
        try {
            return attempt(n === 1 ? undefined : numbered(name, n));
        } catch (error) {
            if (!(error instanceof Problem) || error.code !== 'name_taken' || !rename || n > 99) throw error;
        }
    }
}

function chosen(catalog, jobs, body) {
    if (body.folder_id)
        return [...catalog.get(body.folder_id).children.values()]
            .map((e) => ({ id: e.id ?? e }))
            .filter(({ id }) => !body.except?.includes(id));
    if (!body.job_id) return body.ids.map((id) => ({ id }));
    const former = jobs.get(body.job_id);
    if (body.failed) return former.items.filter((item) => item.code).map(({ id }) => ({ id }));
    if (back[former.act] !== body.act)
        throw new Problem('conflict', 'What that job did can’t be taken back by this act.');
    return former.did
        .map((did) => ({
            id: did.result ?? did.id,
            into: body.act === 'move' ? did.parent : undefined,
            name: body.act === 'move' ? did.name : undefined,
        }))
        .reverse();
}

function begin(catalog, jobs, { body, user }) {
    const did = [],
        items = [];
    for (const { id, into = body.parent_id, name } of chosen(catalog, jobs, body)) {
        const shown = catalog.entries.get(id)?.name ?? null;
        try {
            const one = withFreeName(
                (free) => actOn(catalog, user, id, { act: body.act, into, name: free ?? name }),
                shown ?? '',
                body.on_conflict === 'rename',
            );
            did.push(one);
            items.push({ id, name: shown, state: 'done', code: null, result_id: one.result ?? null });
        } catch (error) {
            if (!(error instanceof Problem)) throw error;
            items.push({ id, name: shown, state: 'failed', code: error.code, result_id: null });
        }
    }
    const job = {
        id: ulid(),
        user,
        act: body.act,
        state: 'done',
        folder_id: body.folder_id ?? null,
        job_id: body.job_id ?? null,
        parent_id: body.parent_id ?? null,
        total: items.length,
        done: did.length,
        failed: items.length - did.length,
        created_at: Date.now(),
        ended_at: Date.now(),
        did,
        items,
    };
    jobs.set(job.id, job);
    return job;
}

export function jobRoutes(catalog) {
    const jobs = new Map();
    const view = ({ user, did, items, ...job }) => job;
    const paged = (job, items) => ({
        status: 200,
        json: { ...view(job), items: items.slice(0, 1000), next_cursor: null },
    });
    const own = (c) => {
        const job = jobs.get(c.id);
        if (job?.user !== c.user) throw new Problem('not_found', 'There is no such job.');
        return job;
    };
    return [
        [
            'POST',
            'entries/batch',
            (c) => {
                const job = begin(catalog, jobs, c);
                return paged(job, job.items);
            },
        ],
        [
            'GET',
            'jobs',
            (c) => ({
                status: 200,
                json: {
                    items: [...jobs.values()]
                        .filter((job) => job.user === c.user)
                        .map(view)
                        .reverse(),
                    next_cursor: null,
                },
            }),
        ],
        [
            'GET',
            'jobs/:id',
            (c) => {
                const job = own(c);
                return paged(
                    job,
                    job.items.filter((item) => !c.query.get('state') || item.state === c.query.get('state')),
                );
            },
        ],
        ['DELETE', 'jobs/:id', (c) => (own(c), { status: 204 })],
    ];
}
