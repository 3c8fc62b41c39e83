// Files and folders on disk to upload: real ones, because only these can be dropped with their folders.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
        sum ^= byte;
        for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
}

// A PNG of one colour.
export function picture([red, green, blue], side = 48) {
    const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array(side).fill([red, green, blue]).flat())]);
    const head = Buffer.alloc(13);
    head.writeUInt32BE(side);
    head.writeUInt32BE(side, 4);
    head.set([8, 2], 8);
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(Array(side).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}

const document = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

export function make_files() {
    const folder = mkdtempSync(join(tmpdir(), 'bodega-files-'));
    const put = (name, bytes) => {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
    };
    const notes = 'Medir dos veces, cortar una.\n';
    const paths = {
        notes: put('Notas.txt', notes),
        photo: put('Fachada – año.png', picture([180, 83, 42])),
        plan: put('Planta.pdf', document),
        obra: join(folder, 'Obra'),
        dropped: put('soltado.md', '# Soltado\n'),
        bundle: join(folder, 'Paquete'),
        large: put('grande.bin', randomBytes(24 << 20)),
    };
    put('Obra/uno.txt', 'uno');
    put('Obra/Fotos/azul.png', picture([40, 80, 160]));
    put('Paquete/dentro/hoja.csv', 'pieza,cantidad\nroble,14\n');
    mkdirSync(join(folder, 'Paquete/vacía'), { recursive: true });
    return { folder, put, text: notes, ...paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
