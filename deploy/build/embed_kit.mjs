// Writes the definition of src/cli/kit/kit_file.h from deploy/kit.txt and the files that it names.
//
// usage: embed_kit.mjs FOLDER FILE
//
// A line of kit.txt is a file's path below FOLDER, blanks, and its description for `bodega kit`. kit.txt must list every
// file in the folders below FOLDER, except those in build/, READMEs, and names that begin with a dot.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, file] = process.argv.slice(2);
// Compilers support string literals of at least 64 KiB; longer text becomes several adjacent literals.
const kPiece = 16000;
const kMost = 1 << 20; // bytes of all files together: they are part of every binary

function walk(at) {
    return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
        const name = at ? `${at}/${entry.name}` : entry.name;
        if (entry.name.startsWith(".") || entry.name === "README.md" || entry.name === "node_modules") return [];
        if (entry.isDirectory()) return name === "build" ? [] : walk(name);
        return at ? [name] : [];
    });
}

function listed() {
    return readFileSync(join(folder, "kit.txt"), "utf8")
        .split("\n")
        .filter((line) => line && !line.startsWith("#"))
        .map((line) => {
            const match = /^(\S+) +(\S.*)$/.exec(line);
            if (!match) throw new Error(`kit.txt: "${line}" is not a path and what it is`);
            return { path: match[1], summary: match[2] };
        });
}

function check(rows) {
    const there = new Set(walk("")), named = new Set(rows.map((row) => row.path));
    for (const path of there) if (!named.has(path)) throw new Error(`${path} is not in kit.txt; give it a line there`);
    for (const path of named) if (!there.has(path)) throw new Error(`kit.txt names ${path}, which is not there`);
    if (named.size !== rows.length) throw new Error("kit.txt names a file twice");
}

function literal(text) {
    const pieces = text.match(new RegExp(`[^]{1,${kPiece}}`, "gu")) ?? [""];
    return pieces.map((piece) => `R"kit(${piece})kit"`).join("\n");
}

const rows = listed();
check(rows);
let total = 0;
const items = rows.map(({ path, summary }) => {
    const text = readFileSync(join(folder, path), "utf8");
    const length = Buffer.byteLength(text);
    total += length;
    return `    {"${path}", R"kit(${summary})kit", {${literal(text)}, ${length}}},`;
});
if (total > kMost) throw new Error(`the kit has ${total} bytes, over ${kMost}`);
writeFileSync(
    file,
    `#include "cli/kit/kit_file.h"

namespace bodega::cli {
namespace {

constexpr KitFile kKit[] = {
${items.join("\n")}
};

}  // namespace

std::span<const KitFile> embedded_kit() noexcept { return kKit; }

}  // namespace bodega::cli
`,
);
