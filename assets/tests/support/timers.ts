// What a page does much later (a toast that goes) or again and again does not keep the test's process alive.
const { setTimeout: later, setInterval: every } = globalThis;
const long = 1000; // milliseconds: no test waits so long

globalThis.setTimeout = Object.assign((work: () => void, ms?: number) => {
    const timer = later(work, ms);
    return (ms ?? 0) >= long ? timer.unref() : timer;
}, later) as typeof later;
globalThis.setInterval = ((work: () => void, ms?: number) => every(work, ms).unref()) as typeof every;
