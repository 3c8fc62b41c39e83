// The mock's catalog: users, spaces and one tree of entries in memory, with versions and a trash.
import { createHash, randomBytes } from 'node:crypto';
import { Problem } from './problem.mjs';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let made = 0;

export function ulid() {
    const random = randomBytes(16);
    let time = Date.now() * 1000 + (made++ % 1000),
        text = '';
    for (let i = 0; i < 12; i++, time = Math.floor(time / 32)) text = alphabet[time % 32] + text;
    return (
        text +
        [...random]
            .slice(0, 14)
            .map((b) => alphabet[b % 32])
            .join('')
    );
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
export const fold = (name) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const types = {
    png: 'image/png',
    jpg: 'image/jpeg',
    svg: 'image/svg+xml',
    gif: 'image/gif',
    webp: 'image/webp',
    pdf: 'application/pdf',
    txt: 'text/plain',
    md: 'text/markdown',
    csv: 'text/csv',
    json: 'application/json',
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    mp4: 'video/mp4',
    webm: 'video/webm',
    zip: 'application/zip',
    ts: 'text/typescript',
    log: 'text/plain',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};
export const typeOf = (name) => types[name.split('.').pop().toLowerCase()] ?? 'application/octet-stream';

export function checkName(name) {
    if (typeof name !== 'string' || !name) throw new Problem('name_invalid', 'A name is needed.');
    if (name === '.' || name === '..' || /[/\p{Cc}]/u.test(name))
        throw new Problem('name_invalid', 'That name holds a character that names cannot hold.');
    if (Buffer.byteLength(name) > 255) throw new Problem('name_invalid', 'That name is longer than 255 bytes.');
    return name.normalize('NFC');
}

export class Catalog {
    users = new Map();
    spaces = new Map();
    entries = new Map();
    audit = [];
    #sorted = new Map();

    note(user, action, target, targetId, detail = {}) {
        this.audit.unshift({
            id: ulid(),
            at: Date.now(),
            user: user?.username ?? null,
            action,
            target,
            target_id: targetId,
            address: '127.0.0.1',
            detail,
        });
    }

    addUser(username, password, role = 'member', quotaBytes = null) {
        if ([...this.users.values()].some((u) => fold(u.username) === fold(username)))
            throw new Problem('name_taken', 'That user name is taken.');
        const user = {
            id: ulid(),
            username,
            password,
            role,
            disabled: false,
            quota_bytes: quotaBytes,
            created_at: Date.now(),
            last_seen_at: null,
        };
        this.users.set(user.id, user);
        this.addSpace(username, 'personal', user);
        return user;
    }

    addSpace(name, kind, user, quotaBytes = null) {
        const id = ulid(),
            root = ulid();
        const space = {
            id,
            name,
            kind,
            root_id: root,
            quota_bytes: quotaBytes,
            created_at: Date.now(),
            members: new Map([[user.id, 'manager']]),
        };
        this.spaces.set(id, space);
        this.#insert({ id: root, parent_id: null, space_id: id, kind: 'folder', name }, user);
        return space;
    }

    #insert(fields, user, at = Date.now()) {
        const entry = {
            size: 0,
            mime: null,
            sha256: null,
            version: 1,
            created_at: at,
            modified_at: at,
            modified_by: user?.username ?? null,
            versions: [],
            children: new Map(),
            state: 1,
            ...fields,
        };
        this.entries.set(entry.id, entry);
        const parent = this.entries.get(entry.parent_id);
        if (parent) parent.children.set(entry.name, entry);
        this.touch(parent);
        return entry;
    }

    touch(folder) {
        if (!folder) return;
        folder.state++;
        this.#sorted.delete(folder.id);
    }

    get(id) {
        const entry = this.entries.get(id);
        if (!entry) throw new Problem('not_found', 'There is nothing here any more.');
        for (let e = entry; e; e = this.entries.get(e.parent_id))
            if (e.trashed_at) throw new Problem('not_found', 'It is in the trash.');
        return entry;
    }

    role(entry, user) {
        return this.spaces.get(entry.space_id).members.get(user.id) ?? null;
    }

    may(entry, user, write = false) {
        const role = this.role(entry, user);
        if (!role) throw new Problem('not_found', 'There is nothing here any more.');
        if (write && role === 'viewer') throw new Problem('forbidden', 'You may look here, not change.');
        return entry;
    }

    free(folder, name) {
        const other = folder.children.get(name);
        if (other) throw new Problem('name_taken', 'That name is taken here.', { existing_id: other.id });
    }

    addFolder(parent, name, user, at) {
        name = checkName(name);
        this.free(parent, name);
        return this.#insert(
            { id: ulid(), parent_id: parent.id, space_id: parent.space_id, kind: 'folder', name },
            user,
            at,
        );
    }

    // bytes: a Buffer, or {size, make} for what the seed invents when asked.
    putFile(parent, name, bytes, user, at = Date.now()) {
        name = checkName(name);
        const size = bytes.length ?? bytes.size;
        const sha = bytes.make ? sha256(name + size) : sha256(bytes);
        let entry = parent.children.get(name);
        if (entry?.kind === 'folder')
            throw new Problem('name_taken', 'A folder has that name.', { existing_id: entry.id });
        const fresh = !entry;
        entry ??= this.#insert(
            {
                id: ulid(),
                parent_id: parent.id,
                space_id: parent.space_id,
                kind: 'file',
                name,
                version: 0,
                mime: typeOf(name),
            },
            user,
            at,
        );
        Object.assign(entry, {
            size,
            sha256: sha,
            version: entry.version + 1,
            modified_at: at,
            modified_by: user.username,
            bytes,
            state: entry.state + 1,
        });
        entry.versions.unshift({
            version: entry.version,
            size,
            sha256: sha,
            created_at: at,
            created_by: user.username,
            bytes,
        });
        this.touch(parent);
        return { entry, fresh };
    }

    // As the server does: the version gets a new number, and its old number no longer exists.
    restoreVersion(entry, number, user) {
        if (number === entry.version) return entry;
        const at = entry.versions.findIndex((one) => one.version === number);
        if (at < 0) throw new Problem('not_found', 'That version does not exist (any more).');
        const [{ bytes }] = entry.versions.splice(at, 1);
        return this.putFile(this.get(entry.parent_id), entry.name, bytes, user).entry;
    }

    freeName(folder, name) {
        const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length;
        for (let i = 2, n = name; ; n = `${name.slice(0, dot)} (${i++})${name.slice(dot)}`)
            if (!folder.children.has(n)) return n;
    }

    inside(entry, folder) {
        for (let e = folder; e; e = this.entries.get(e.parent_id)) if (e === entry) return true;
        return false;
    }

    move(entry, parent, name) {
        name = checkName(name ?? entry.name);
        if (this.inside(entry, parent)) throw new Problem('conflict', 'A folder cannot be moved into itself.');
        const other = parent.children.get(name);
        if (other && other !== entry) this.free(parent, name);
        const old = this.entries.get(entry.parent_id);
        old.children.delete(entry.name);
        this.touch(old);
        Object.assign(entry, {
            name,
            parent_id: parent.id,
            mime: entry.kind === 'file' ? typeOf(name) : null,
            state: entry.state + 1,
        });
        parent.children.set(name, entry);
        this.touch(parent);
        this.#toSpace(entry, parent.space_id);
        return entry;
    }

    #toSpace(entry, spaceId) {
        entry.space_id = spaceId;
        for (const child of entry.children.values()) this.#toSpace(child, spaceId);
    }

    copy(entry, parent, name, user) {
        name = checkName(name ?? entry.name);
        this.free(parent, name);
        if (entry.kind === 'file') return this.putFile(parent, name, entry.bytes, user).entry;
        const inner = [...entry.children.values()];
        const made = this.addFolder(parent, name, user);
        for (const child of inner) this.copy(child, made, child.name, user);
        return made;
    }

    trash(entry, user) {
        const parent = this.entries.get(entry.parent_id);
        if (!parent) throw new Problem('conflict', "A space's own folder cannot be deleted.");
        entry.original_path = this.path(entry)
            .slice(1)
            .map((p) => p.name)
            .join('/');
        parent.children.delete(entry.name);
        Object.assign(entry, { trashed_at: Date.now(), trashed_by: user.username });
        this.touch(parent);
    }

    restore(entry, parentId, name) {
        const parent = this.entries.get(parentId ?? entry.parent_id);
        if (!parent || parent.trashed_at) throw new Problem('conflict', 'The folder it was in is gone.');
        name = checkName(name ?? entry.name);
        this.free(parent, name);
        Object.assign(entry, { name, parent_id: parent.id, trashed_at: undefined });
        parent.children.set(name, entry);
        this.touch(parent);
        return entry;
    }

    erase(entry) {
        for (const child of entry.children.values()) this.erase(child);
        this.entries.get(entry.parent_id)?.children.delete(entry.name);
        this.touch(this.entries.get(entry.parent_id));
        this.entries.delete(entry.id);
    }

    path(entry) {
        const path = [];
        for (let e = this.entries.get(entry.parent_id); e; e = this.entries.get(e.parent_id))
            path.unshift({ id: e.id, name: e.name });
        return path;
    }

    used(space) {
        let sum = 0;
        for (const e of this.entries.values())
            if (e.space_id === space.id && e.kind === 'file' && !e.trashed_at) sum += e.size;
        return sum;
    }

    children(folder, sort, order) {
        const known = this.#sorted.get(folder.id) ?? new Map();
        this.#sorted.set(folder.id, known);
        const key = `${sort} ${order}`;
        if (!known.has(key))
            known.set(key, sortEntries([...folder.children.values()], sort, order === 'desc' ? -1 : 1));
        return known.get(key);
    }
}

function sortEntries(items, sort, sign) {
    for (const e of items) e.folded = fold(e.name);
    const by = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const field = {
        name: (e) => e.folded,
        size: (e) => e.size,
        modified_at: (e) => e.modified_at,
        kind: (e) => e.mime ?? '',
    }[sort];
    if (!field) throw new Problem('invalid', 'No such sort.');
    return items.sort(
        (a, b) =>
            by(a.kind === 'file', b.kind === 'file') ||
            sign * by(field(a), field(b)) ||
            sign * by(a.folded, b.folded) ||
            by(a.name, b.name),
    );
}
