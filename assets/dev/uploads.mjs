// The mock's tus 1.0.0: creation, creation-with-upload and termination.
import { checkName, ulid } from './catalog.mjs';
import { Problem } from './problem.mjs';

const head = { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' };

function metadata(text = '') {
    return Object.fromEntries(
        text
            .split(',')
            .filter(Boolean)
            .map((pair) => {
                const [key, value = ''] = pair.trim().split(' ');
                return [key, Buffer.from(value, 'base64').toString()];
            }),
    );
}

export class Uploads {
    #all = new Map();

    constructor(catalog) {
        this.catalog = catalog;
    }

    list(user) {
        return [...this.#all.values()]
            .filter((u) => u.user === user)
            .map(({ id, parent_id: parentId, filename, size, offset, at }) => ({
                id,
                parent_id: parentId,
                filename,
                size,
                offset,
                created_at: at,
                expires_at: at + 6048e5,
            }));
    }

    async handle(method, id, request, user) {
        if (method === 'OPTIONS')
            return {
                status: 204,
                headers: {
                    'Tus-Version': '1.0.0',
                    'Tus-Extension': 'creation,creation-with-upload,expiration,termination',
                },
            };
        if (method === 'POST') return this.#create(request, user);
        const upload = this.#all.get(id);
        if (!upload || upload.user !== user) throw new Problem('not_found', 'There is no such upload any more.');
        if (method === 'HEAD')
            return { status: 200, headers: { ...head, 'Upload-Offset': upload.offset, 'Upload-Length': upload.size } };
        if (method === 'DELETE') return (this.#all.delete(id), { status: 204, headers: head });
        if (Number(request.headers['upload-offset']) !== upload.offset)
            throw new Problem('offset_mismatch', 'The upload stands elsewhere.');
        await this.#take(upload, request);
        return { status: 204, headers: { ...head, 'Upload-Offset': upload.offset, ...this.#finish(upload) } };
    }

    async #create(request, user) {
        const meta = metadata(request.headers['upload-metadata']);
        const folder = this.catalog.may(this.catalog.get(meta.parent_id), user, true);
        const filename = checkName(meta.filename);
        if (meta.on_conflict === 'fail') this.catalog.free(folder, filename);
        const upload = {
            id: ulid(),
            user,
            parent_id: folder.id,
            filename,
            conflict: meta.on_conflict,
            size: Number(request.headers['upload-length']),
            offset: 0,
            parts: [],
            at: Date.now(),
        };
        this.#all.set(upload.id, upload);
        if (request.headers['content-type'] === 'application/offset+octet-stream') await this.#take(upload, request);
        return {
            status: 201,
            headers: {
                ...head,
                Location: `/api/v1/uploads/${upload.id}`,
                'Upload-Offset': upload.offset,
                ...this.#finish(upload),
            },
        };
    }

    // MOCK_UPLOAD_RATE: bytes a second and request, to watch the tray at work.
    async #take(upload, request) {
        const rate = Number(process.env.MOCK_UPLOAD_RATE || 0);
        try {
            for await (const part of request) {
                upload.parts.push(part);
                upload.offset += part.length;
                if (rate) await new Promise((done) => setTimeout(done, (1000 * part.length) / rate));
            }
        } catch {
            // The client went away: what came is kept, as tus wants.
        }
    }

    #finish(upload) {
        if (upload.offset < upload.size) return {};
        this.#all.delete(upload.id);
        const folder = this.catalog.get(upload.parent_id);
        const name = upload.conflict === 'rename' ? this.catalog.freeName(folder, upload.filename) : upload.filename;
        const { entry } = this.catalog.putFile(folder, name, Buffer.concat(upload.parts), upload.user);
        this.catalog.note(upload.user, 'entry.create', name, entry.id);
        return { 'Bodega-Entry-Id': entry.id };
    }
}
