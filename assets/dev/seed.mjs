// A believable team with believable files, for MOCK_SEED=demo; and a folder of 100,000 entries.
import { deflateSync } from 'node:zlib';

const day = 864e5;

// Of PNG's chunks; node's own is of version 20.
const crcs = Uint32Array.from({ length: 256 }, (_, n) =>
    Array.from({ length: 8 }).reduce((c) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n),
);
const crc32 = (bytes) => ~bytes.reduce((c, byte) => crcs[(c ^ byte) & 255] ^ (c >>> 8), -1) >>> 0;

// A PNG of a soft two-colour gradient.
export function picture(width, height, from, to) {
    const rows = Buffer.alloc((width * 3 + 1) * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
            for (let c = 0; c < 3; c++) {
                const wave = 0.5 + 0.5 * Math.sin((x / width) * 3 + Math.sin((y / height) * 5) * 1.4);
                rows[y * (width * 3 + 1) + 1 + x * 3 + c] =
                    from[c] + (to[c] - from[c]) * (0.55 * (y / height) + 0.45 * wave);
            }
    const chunk = (type, data) => {
        const body = Buffer.concat([Buffer.from(type), data]),
            out = Buffer.alloc(body.length + 8);
        out.writeUInt32BE(data.length);
        body.copy(out, 4);
        out.writeUInt32BE(crc32(body), body.length + 4);
        return out;
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width);
    header.writeUInt32BE(height, 4);
    header.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([
        Buffer.from('89504e470d0a1a0a', 'hex'),
        chunk('IHDR', header),
        chunk('IDAT', deflateSync(rows)),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}

export function tone(seconds = 2) {
    const rate = 8000,
        n = rate * seconds,
        out = Buffer.alloc(44 + n * 2);
    out.write('RIFF');
    out.writeUInt32LE(36 + n * 2, 4);
    out.write('WAVEfmt ', 8);
    out.writeUInt32LE(16, 16);
    out.writeUInt16LE(1, 20);
    out.writeUInt16LE(1, 22);
    out.writeUInt32LE(rate, 24);
    out.writeUInt32LE(rate * 2, 28);
    out.writeUInt16LE(2, 32);
    out.writeUInt16LE(16, 34);
    out.write('data', 36);
    out.writeUInt32LE(n * 2, 40);
    for (let i = 0; i < n; i++) out.writeInt16LE(8000 * Math.sin((i / rate) * 2 * Math.PI * 330), 44 + i * 2);
    return out;
}

export function document(title) {
    const text = `BT /F1 26 Tf 72 720 Td (${title}) Tj ET`;
    const objects = [
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ];
    let out = '%PDF-1.4\n';
    const at = objects.map((o, i) => {
        const here = out.length;
        out += `${i + 1} 0 obj\n${o}\nendobj\n`;
        return here;
    });
    const start = out.length;
    out += `xref\n0 6\n0000000000 65535 f \n${at.map((a) => String(a).padStart(10, '0') + ' 00000 n \n').join('')}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`;
    return Buffer.from(out);
}

const invented = (size) => ({ size, make: () => Buffer.alloc(Math.min(size, 1 << 20), 'bodega ') });

const colours = [
    [
        [244, 214, 180],
        [130, 84, 66],
    ],
    [
        [190, 210, 200],
        [60, 84, 88],
    ],
    [
        [240, 220, 190],
        [176, 92, 54],
    ],
    [
        [214, 206, 222],
        [84, 72, 110],
    ],
];

// A folder of many files, half of them somebody else's.
function seedTeam(catalog, root, { ana, luis, now }) {
    const big = catalog.addFolder(root, 'Cien mil', ana, now - 60 * day);
    for (let i = 0; i < Number(process.env.MOCK_BIG || 100000); i++) {
        const name = `pieza-${String(i).padStart(6, '0')}.txt`;
        catalog.putFile(big, name, invented((i * 13) % 90001), ana, now - i * 6e4);
    }
    catalog.addFolder(root, 'Diseños', ana, now - 3 * day);
    catalog.putFile(root, 'Lista de precios.pdf', document('Lista de precios'), luis, now - 0.5 * day);
}

function seedAudit(catalog, { ana, luis }) {
    const actions = ['entry.create', 'entry.rename', 'entry.trash', 'session.create', 'user.create'];
    const targets = ['Planta baja.pdf', 'Informes', 'mei', 'Obra 03.png'];
    for (let i = 0; i < 30; i++) {
        catalog.note(i % 2 ? ana : luis, actions[i % 5], targets[i % 4], ana.id);
        catalog.audit[0].at -= i * 4e6;
    }
}

export function seed(catalog) {
    const ana = catalog.addUser('ana', 'correct horse battery', 'admin', 50 * 2 ** 30);
    const luis = catalog.addUser('luis', 'correct horse battery');
    const mei = catalog.addUser('mei', 'correct horse battery', 'member', 10 * 2 ** 30);
    const now = Date.now();
    const [mine] = catalog.spaces.values();
    const team = catalog.addSpace('Taller Central', 'team', ana, 200 * 2 ** 30);
    team.members.set(luis.id, 'editor').set(mei.id, 'viewer');
    catalog.addSpace('Contabilidad', 'team', ana);
    const root = catalog.entries.get(mine.root_id);
    const folder = (parent, name, age) => catalog.addFolder(parent, name, ana, now - age * day);
    const file = (parent, name, bytes, age, user = ana) =>
        catalog.putFile(parent, name, bytes, user, now - age * day).entry;
    folder(root, 'Contratos', 40);
    const reports = folder(root, 'Informes', 0.2);
    const photos = folder(root, 'Fotos de la obra', 2);
    folder(
        folder(folder(folder(folder(reports, '2026', 3), 'Tercer trimestre', 3), 'Sucursal norte', 3), 'Borradores', 3),
        'Revisión de Mei',
        3,
    );
    file(root, 'Presupuesto 2026 – versión final con las observaciones de Luis.xlsx', invented(482133), 0.05);
    const plan = file(
        root,
        'Plan de trabajo.md',
        Buffer.from('# Plan\n\n1. Medir\n2. Cortar\n3. Armar\n\nLa entrega es el lunes; el camión llega a las ocho.\n'),
        9,
    );
    file(
        root,
        plan.name,
        Buffer.from(
            '# Plan\n\n1. Medir dos veces\n2. Cortar una\n3. Armar\n4. Barnizar\n\nLa entrega es el martes; el camión llega a las ocho.\n',
        ),
        0.01,
    );
    file(root, 'Planta baja.pdf', document('Planta baja'), 1);
    file(root, 'Recorrido.mp4', invented(734003200), 5, luis);
    file(root, 'Nota de voz 14.wav', tone(), 3);
    file(root, 'Fachada.png', picture(900, 600, [236, 196, 160], [120, 72, 60]), 6);
    file(root, 'respaldo-servidor.tar.gz', invented(18253611008), 31);
    file(root, 'inventario.csv', Buffer.from('pieza,cantidad\nroble,14\ncedro,9\n'), 200);
    for (let i = 1; i <= 14; i++)
        file(
            photos,
            `Obra ${String(i).padStart(2, '0')}.png`,
            picture(480, 360, ...colours[i % 4]),
            2 + i / 10,
            i % 3 ? ana : luis,
        );
    seedTeam(catalog, catalog.entries.get(team.root_id), { ana, luis, now });
    const gone = file(root, 'Borrador viejo.txt', Buffer.from('viejo'), 50);
    catalog.trash(gone, ana);
    catalog.trash(folder(root, 'Temporal', 12), ana);
    seedAudit(catalog, { ana, luis });
}
