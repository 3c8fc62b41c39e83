// Named checks, one after another; a failure is reported and the others continue.
import { photograph } from './browser.mjs';

const limit = 120_000; // milliseconds for each check

export class Counts {
    passed = 0;
    failed = 0;
    #filter;

    constructor(filter = '') {
        this.#filter = filter;
    }

    wants(group) {
        return !this.#filter || group.includes(this.#filter);
    }

    async check(name, work) {
        const begin = Date.now();
        let timer;
        const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`took longer than ${limit / 1000} s`)), limit)));
        try {
            await Promise.race([work(), late]);
            this.passed++;
            console.log(`ok    ${name} (${Date.now() - begin} ms)`);
        } catch (error) {
            this.failed++;
            await photograph(name);
            console.log(`FAIL  ${name}\n      ${String(error?.stack ?? error).split('\n').slice(0, 14).join('\n      ')}`);
        } finally {
            clearTimeout(timer);
        }
    }

    end() {
        console.log(`${this.passed} passed, ${this.failed} failed`);
        return this.failed ? 1 : 0;
    }
}
