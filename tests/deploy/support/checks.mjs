// Counts for scripts: check() prints a line, finish() the counts that tests/run.py reads.
const counts = { passed: 0, failed: 0, skipped: 0 };

export function check(name, ok, got = "") {
    counts[ok ? "passed" : "failed"] += 1;
    const said = typeof got === "string" ? got : JSON.stringify(got);
    console.log(ok ? `ok    ${name}` : `FAIL  ${name}   got: ${said.slice(0, 2000)}`);
    return ok;
}

// Fails with the problems themselves.
export const checkNone = (name, problems) => check(name, problems.length === 0, problems.join("\n      "));

export function skip(name, why) {
    counts.skipped += 1;
    console.log(`skip  ${name}   ${why}`);
}

export function finish() {
    console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`);
    process.exit(counts.failed ? 1 : 0);
}
