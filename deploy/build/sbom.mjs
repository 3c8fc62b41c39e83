// Prints the software bill of materials of a release as SPDX 2.3: the binary and the components linked into it.
//
// usage: sbom.mjs VERSION COMMIT TIME BINARY COMPONENTS      (TIME: seconds since the epoch)
//
// COMPONENTS is a file that dist.sh writes: headings, and one component per line in columns: name, version, origin
// ("Debian libssl-dev", "npm", "source of Debian mariadb 1:10.11.18-0+deb12u1"; the origin's version is given only if
// it differs from the component's).
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const [version, commit, time, binary, components] = process.argv.slice(2);
// Taken from each component's copyright file. A component without a line here is an error.
const kLicenses = {
    "Argon2": "CC0-1.0 OR Apache-2.0",
    "JSON for Modern C++": "MIT",
    "MariaDB Connector/C": "LGPL-2.1-or-later",
    "OpenSSL": "Apache-2.0",
    "SQLite": "blessing",
    "cpp-httplib": "MIT",
    "glibc": "LGPL-2.1-or-later",
    "libstdc++": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "nghttp2": "MIT",
    "pugixml": "MIT",
    "toml++": "MIT",
    "utf8proc": "MIT AND Unicode-DFS-2016",
    "zlib": "Zlib",
};

const hash = (name) => createHash(name).update(readFileSync(binary)).digest("hex");

// Some packages declare no license.
function npmLicense(name) {
    return JSON.parse(readFileSync(`assets/node_modules/${name}/package.json`, "utf8")).license ?? "NOASSERTION";
}

function locator(name, number, origin) {
    if (origin === "npm") return `pkg:npm/${name.replace("@", "%40")}@${number}`;
    const [, source, debian, taken = number] = /^(source of )?Debian (\S+)(?: (\S+))?$/.exec(origin);
    return `pkg:deb/debian/${debian}@${encodeURIComponent(taken)}${source ? "?arch=source" : ""}`;
}

function component(line) {
    const match = /^(.{24}) (.{28}) (.+)$/.exec(line);
    if (!match) throw new Error(`no component: "${line}"`);
    const [name, number, origin] = match.slice(1).map((text) => text.trim());
    const license = origin === "npm" ? npmLicense(name) : kLicenses[name];
    if (!license) throw new Error(`the licence of ${name} is unknown: add a line for it to sbom.mjs`);
    return {
        SPDXID: `SPDXRef-${name.replace(/\+/g, "p").replace(/[^A-Za-z0-9.-]+/g, "-")}`,
        name,
        versionInfo: number,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        licenseConcluded: license,
        licenseDeclared: license,
        copyrightText: "NOASSERTION",
        externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator(name, number, origin) }],
    };
}

const lines = readFileSync(components, "utf8").split("\n");
const parts = lines.filter((line) => line && !/:$/.test(line)).map(component);
const bodega = {
    SPDXID: "SPDXRef-bodega",
    name: "bodega",
    versionInfo: version,
    packageFileName: basename(binary),
    primaryPackagePurpose: "APPLICATION",
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    checksums: ["SHA1", "SHA256"].map((algorithm) => ({ algorithm, checksumValue: hash(algorithm.toLowerCase()) })),
    sourceInfo: `built from commit ${commit}`,
    licenseConcluded: "MIT",
    licenseDeclared: "MIT",
    copyrightText: "NOASSERTION",
};
console.log(JSON.stringify({
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: basename(binary),
    documentNamespace: `https://spdx.org/spdxdocs/${basename(binary)}-${hash("sha256")}`,
    creationInfo: { created: new Date(1000 * Number(time)).toISOString().replace(".000", ""), creators: ["Tool: bodega-sbom"] },
    packages: [bodega, ...parts],
    relationships: [
        { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-bodega" },
        ...parts.map(({ SPDXID }) => ({ spdxElementId: "SPDXRef-bodega", relationshipType: "STATIC_LINK", relatedSpdxElement: SPDXID })),
    ],
}, null, 1));
