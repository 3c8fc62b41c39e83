// Writes the definition of src/db/migrations.h from the files NNNN_name.sql of each dialect's folder.
//
// usage: embed_migrations.mjs FOLDER FILE
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, file] = process.argv.slice(2);
// Compilers support string literals of at least 64 KiB; longer text becomes several adjacent literals.
const kPiece = 16000;

function literal(text) {
    const pieces = text.match(new RegExp(`[^]{1,${kPiece}}`, "g")) ?? [""];
    return pieces.map((piece) => `R"sql(${piece})sql"`).join("\n");
}

function migrations(dialect) {
    return readdirSync(join(folder, dialect))
        .sort()
        .map((name) => {
            const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(name);
            if (!match) throw new Error(`${dialect}/${name}: not named NNNN_name.sql`);
            return { version: Number(match[1]), name: name.slice(0, -4), sql: readFileSync(join(folder, dialect, name), "utf8") };
        });
}

function table(dialect) {
    const all = migrations(dialect);
    all.forEach((migration, i) => {
        if (i > 0 && all[i - 1].version === migration.version) throw new Error(`${dialect}: two of version ${migration.version}`);
    });
    const rows = all.map((m) => `    {${m.version}, "${m.name}", ${literal(m.sql)}},`);
    return `constexpr MigrationFile k_${dialect}[] = {\n${rows.join("\n")}\n};\n`;
}

const dialects = ["sqlite", "mysql"];
writeFileSync(
    file,
    `#include "db/migrations.h"

namespace bodega::db {
namespace {

${dialects.map(table).join("\n")}
}  // namespace

std::span<const MigrationFile> embedded_migrations(std::string_view dialect) noexcept {
${dialects.map((d) => `    if (dialect == "${d}") return k_${d};\n`).join("")}    return {};
}

}  // namespace bodega::db
`,
);
