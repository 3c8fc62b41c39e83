// A fleet for the mock: nodes in each state, whose load goes up and down with the clock.
const every = 5000,
    samples = 60;
const begun = Date.now();

function stats(seed, end) {
    const wave = (i, low, high) =>
        Math.round(
            10 * (low + (high - low) * (0.5 + 0.5 * Math.sin((end / every - samples + i) / (6 + seed) + seed))),
        ) / 10;
    const list = (low, high) => Array.from({ length: samples }, (_, i) => wave(i, low, high));
    return {
        every,
        cores: 2,
        load: wave(samples, 0.2, 1.6),
        memory_bytes: (18 + seed) * 2 ** 20,
        connections: 120 + 10 * seed,
        working: 3,
        uploads: seed % 3,
        used_bytes: 734 * 2 ** 30,
        free_bytes: 2 ** 41,
        total_bytes: 3 * 2 ** 40,
        rate: list(180 + 20 * seed, 420),
        errors: Array.from({ length: samples }, (_, i) => ((i + Math.floor(end / every)) % 23 === seed ? 1.2 : 0)),
        p50: list(2, 4),
        p99: list(12, 38),
        cpu: list(0.2, 0.9),
    };
}

function node(number, state, silent = 0, more = {}) {
    const now = Date.now() - silent,
        seenAt = now - (now % every) + 300 * number;
    return {
        id: '01JD0000000000000000000N' + String(number).padStart(2, '0'),
        name: `ip-10-0-${number}-17`,
        version: number === 3 ? '1.1.0' : '1.0.2',
        address: `http://10.0.${number}.17:8080`,
        state,
        asked: null,
        started_at: begun - number * 7_400_000,
        seen_at: seenAt,
        stats: stats(number, seenAt),
        ...more,
    };
}

export function fleet(open) {
    const items = [
        node(1, 'ready'),
        node(2, 'ready'),
        node(3, 'draining', 0, { asked: 'drain' }),
        node(4, 'lost', 48_000),
        node(5, 'gone', 200_000, { stats: null }),
    ];
    const now = Date.now();
    return {
        items,
        next_cursor: null,
        now,
        leases: [{ name: 'sweeper', owner: items[1].id, node: items[1].name, fence: 41, expires_at: now + 97_000 }],
        uploads: { open, active: Math.min(open, 1), received_bytes: open * 2 ** 28, length_bytes: open * 2 ** 30 },
        storage: { used_bytes: 734 * 2 ** 30, free_bytes: 2 ** 41, total_bytes: 3 * 2 ** 40 },
    };
}
