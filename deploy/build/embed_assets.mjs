// Writes the definition of base::embedded_assets() from a folder of files, with compressed variants.
//
// usage: embed_assets.mjs FOLDER BYTES_FOLDER FILE
//
// The bytes go to BYTES_FOLDER, and the assembler's .incbin includes them in the object, which takes no time;
// the same bytes as a C array would take the compiler minutes.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder, bytesFolder, file] = process.argv.slice(2);

const kTypes = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
};
// Already compressed formats.
const kDense = new Set([".png", ".webp", ".woff2"]);
// esbuild's [name]-[hash]: the hash is eight characters of base32.
const kHashedName = /-[A-Z2-7]{8}\.[a-z0-9.]+$/;

function walk(at) {
    return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? walk(join(at, entry.name)) : [join(at, entry.name)],
    );
}

function compressed(bytes, extension) {
    if (kDense.has(extension)) return {};
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    const smaller = (variant) => (variant.length < bytes.length ? variant : undefined);
    return { brotli: smaller(brotliCompressSync(bytes, { params })), gzip: smaller(gzipSync(bytes, { level: 9 })) };
}

function asset(name) {
    const extension = extname(name);
    const type = kTypes[extension];
    if (!type) throw new Error(`${name}: no content type is known for ${extension}; add it to embed_assets.mjs`);
    const identity = readFileSync(name);
    return {
        path: "/" + relative(folder, name),
        type,
        etag: createHash("sha256").update(identity).digest("base64url").slice(0, 22),
        immutable: kHashedName.test(name),
        variants: { identity, ...compressed(identity, extension) },
    };
}

// Returns the declarations and the assembly for one variant's bytes, and the expression for their view.
function embed(bytes, symbol) {
    if (bytes === undefined) return { text: "", view: "{}" };
    const path = join(bytesFolder, symbol);
    writeFileSync(path, bytes);
    const text = `// sha256 ${createHash("sha256").update(bytes).digest("hex")}
asm(".section .rodata\\n.balign 16\\n${symbol}:\\n.incbin \\"${path}\\"\\n.previous");
extern "C" const char ${symbol}[];
`;
    return { text, view: `{${symbol}, ${bytes.length}}` };
}

rmSync(bytesFolder, { recursive: true, force: true });
mkdirSync(bytesFolder, { recursive: true });
const bytewise = (a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
const embedded = walk(folder).map(asset).sort(bytewise).map((one, i) => {
    const parts = ["identity", "brotli", "gzip"].map((name) => embed(one.variants[name], `bodega_asset_${i}_${name}`));
    const row = `    {"${one.path}", "${one.type}", "\\"${one.etag}\\"", ${one.immutable},\n     ${parts.map((p) => p.view).join(", ")}},`;
    return { text: parts.map((p) => p.text).join(""), row };
});
writeFileSync(
    file,
    `#include "base/asset.h"

${embedded.map((e) => e.text).join("\n")}
namespace bodega::base {
namespace {

constexpr Asset kAssets[] = {
${embedded.map((e) => e.row).join("\n")}
};

}  // namespace

std::span<const Asset> embedded_assets() noexcept { return kAssets; }

}  // namespace bodega::base
`,
);
