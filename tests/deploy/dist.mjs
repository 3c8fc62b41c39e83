#!/usr/bin/env node
// Tests the output of `make dist`: a checksum for each file, a bill of materials in SPDX 2.3 with everything in COMPONENTS, and
// a binary that runs in an empty root; for this machine, and cross-compiled for arm64, run by an emulator.
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import parseLicense from "spdx-expression-parse";

import { check, checkNone, finish, skip } from "./support/checks.mjs";
import { bodega, root, run } from "./support/programs.mjs";

const kPackage = ["SPDXID", "name", "versionInfo", "downloadLocation", "filesAnalyzed", "licenseConcluded", "licenseDeclared", "copyrightText"];
const kDocument = ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "relationships"];

const kHere = run("dpkg", ["--print-architecture"]).output.trim();
// The architecture, its binary, and the program that runs it here.
const kNative = { architecture: kHere, binary: bodega };
const kCross = { architecture: "arm64", binary: join(root, "build/release-arm64/bodega"), emulator: "/usr/bin/qemu-aarch64-static" };

// In a separate source tree with this tree's node_modules.
function make({ architecture, binary }) {
    const tree = mkdtempSync(join(tmpdir(), "bodega-dist-"));
    const prepare = `ln -s "$ROOT"/{deploy,assets,.git} . && deploy/build/dist.sh 1.2.3 "$ARCH" "$BINARY"`;
    const done = run("bash", ["-euc", prepare], { cwd: tree, env: { ...process.env, ARCH: architecture, BINARY: binary, ROOT: root } });
    check(`dist.sh makes a release for ${architecture}`, done.ok, done.output);
    return join(tree, "dist");
}

function checkSums(dist) {
    const done = run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: dist });
    check("the checksums are right", done.ok, done.output);
    const listed = readFileSync(join(dist, "SHA256SUMS"), "utf8").split("\n").filter((line) => line).map((line) => line.split("  ")[1]);
    const files = readdirSync(dist).filter((name) => name !== "SHA256SUMS");
    check("there is a checksum for each file", JSON.stringify(listed.sort()) === JSON.stringify(files.sort()), files);
    return files.find((name) => /^bodega-1\.2\.3-linux-[a-z0-9]+$/.test(name));
}

function packageProblems(one, names) {
    const problems = kPackage.filter((key) => one[key] === undefined).map((key) => `${one.name}: no ${key}`);
    if (!/^SPDXRef-[A-Za-z0-9.-]+$/.test(one.SPDXID)) problems.push(`${one.SPDXID} is no identifier`);
    if (names.indexOf(one.SPDXID) !== names.lastIndexOf(one.SPDXID)) problems.push(`${one.SPDXID} is there twice`);
    for (const { referenceLocator } of one.externalRefs ?? [])
        if (!/^pkg:(deb\/debian|npm)\/[^@\s]+@[^@\s]+$/.test(referenceLocator)) problems.push(`${referenceLocator} is no locator`);
    try {
        if (one.licenseConcluded !== "NOASSERTION") parseLicense(one.licenseConcluded);
    } catch (error) {
        problems.push(`${one.name}: ${error.message}`);
    }
    return problems;
}

// The version of the Debian source package that a dependency was built from: its own version, or the one that it names.
function sourceVersion(recipe, { architecture }) {
    const folder = run(join(root, "deploy/build/dependency.sh"), ["--path", architecture === kHere ? recipe : `${recipe}-${architecture}`]).output.trim();
    const text = readFileSync(join(folder, "version"), "utf8");
    return (/^from \S+ (\S+)$/m.exec(text) ?? /^(\S+)$/m.exec(text))[1];
}

function checkSources(packages, target) {
    const sources = { "MariaDB Connector/C": ["mariadb", "mariadb-connector"], "cpp-httplib": ["cpp-httplib", "httplib"] };
    for (const [name, [source, recipe]] of Object.entries(sources)) {
        const { referenceLocator } = packages.find((one) => one.name === name).externalRefs[0];
        const right = `pkg:deb/debian/${source}@${encodeURIComponent(sourceVersion(recipe, target))}?arch=source`;
        check(`${name} has the version of its source package`, referenceLocator === right, [referenceLocator, right]);
    }
}

function checkBill(dist, name, target) {
    const bill = JSON.parse(readFileSync(join(dist, `${name}.spdx.json`), "utf8"));
    check("the bill of materials is valid SPDX 2.3", JSON.stringify(Object.keys(bill)) === JSON.stringify(kDocument) && bill.spdxVersion === "SPDX-2.3" &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(bill.creationInfo.created), Object.keys(bill));
    const names = bill.packages.map((one) => one.SPDXID);
    checkNone("its packages have all that is required", bill.packages.flatMap((one) => packageProblems(one, names)));
    checkSources(bill.packages, target);
    const [described, ...linked] = bill.relationships;
    check("the bill of materials describes bodega and links it with all components", described.relatedSpdxElement === "SPDXRef-bodega" && described.relationshipType === "DESCRIBES" &&
        JSON.stringify(linked.map((one) => one.relatedSpdxElement)) === JSON.stringify(names.slice(1)), bill.relationships);
    const sha256 = createHash("sha256").update(readFileSync(join(dist, name))).digest("hex");
    check("the bill of materials has the binary's checksum", bill.packages[0].checksums.some(({ checksumValue }) => checksumValue === sha256) && bill.packages[0].packageFileName === name);
    const listed = readFileSync(join(dist, "COMPONENTS"), "utf8").split("\n").filter((line) => line && !line.endsWith(":"));
    check("the bill of materials names each component", listed.length === bill.packages.length - 1 && listed.length > 12, listed);
    // Each library that the Makefile links is a component.
    const libraries = { ssl: "OpenSSL", crypto: "OpenSSL", sqlite3: "SQLite", nghttp2: "nghttp2", argon2: "Argon2", utf8proc: "utf8proc", z: "zlib", pugixml: "pugixml" };
    const linkedHere = [.../^LIBRARIES := .*$/m.exec(readFileSync(join(root, "Makefile"), "utf8"))[0].matchAll(/-l(\w+)/g)].map(([, library]) => library);
    checkNone("and each library that the Makefile links", linkedHere.filter((library) => !bill.packages.some((one) => one.name === libraries[library])));
}

function checkAlone(dist, name, emulator) {
    if (process.getuid() !== 0) return skip("the release in an empty root", "a chroot needs root");
    const empty = mkdtempSync(join(tmpdir(), "bodega-empty-"));
    copyFileSync(join(dist, name), join(empty, "bodega"));
    if (emulator) copyFileSync(emulator, join(empty, "emulator"));
    const done = run("chroot", [empty, ...(emulator ? ["/emulator"] : []), "/bodega", "version"]);
    check("the release runs in an empty root", done.ok && done.output.startsWith("bodega "), done.output);
}

// The architecture in a file's first bytes (ELF, e_machine).
const machineOf = (path) => readFileSync(path).readUInt16LE(18);

function checkCross() {
    if (kHere !== "amd64") return skip("a release for arm64", "it is cross-compiled on amd64");
    if (!process.env.BODEGA_ARM64) return skip("a release for arm64", "make arm64 builds and tries it");
    const built = run("make", ["-C", root, "ARCH=arm64", "VARIANT=release", "build/release-arm64/bodega"], { env: { ...process.env, MAKEFLAGS: "" } });
    if (!check("arm64 is cross-compiled", built.ok && machineOf(kCross.binary) === 183, built.output.slice(-2000))) return;
    const dist = make(kCross);
    const name = checkSums(dist);
    checkBill(dist, name, kCross);
    checkAlone(dist, name, kCross.emulator);
    const wrapper = join(mkdtempSync(join(tmpdir(), "bodega-emulated-")), "bodega");
    writeFileSync(wrapper, `#!/bin/sh\nexec ${kCross.emulator} ${join(dist, name)} "$@"\n`, { mode: 0o755 });
    for (const suite of ["transfer", "tls"]) {
        const done = run("python3", [join(root, `tests/e2e/${suite}.py`)], { cwd: root, env: { ...process.env, BODEGA: wrapper } });
        check(`the arm64 binary passes e2e/${suite}`, done.ok, done.output.slice(-2000));
    }
}

const dist = make(kNative);
const name = checkSums(dist);
checkBill(dist, name, kNative);
checkAlone(dist, name);
checkCross();
finish();
