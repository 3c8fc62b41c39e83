// Measures throughput, smoothed, and estimates the time left.

const weight = 0.35; // of the newest second

export class Throughput {
    #bytes = 0;
    #since = 0;
    #speed: number | null = null;

    // `sent`: total bytes so far; `now`: milliseconds. Samples closer than half a second are merged.
    sample(sent: number, now: number): void {
        if (!this.#since || sent < this.#bytes) {
            this.#bytes = sent;
            this.#since = now;
            return;
        }
        const span = now - this.#since;
        if (span < 500) return;
        const latest = ((sent - this.#bytes) * 1000) / span;
        this.#speed =
            this.#speed === null ? latest : this.#speed + (latest - this.#speed) * (1 - (1 - weight) ** (span / 1000));
        this.#bytes = sent;
        this.#since = now;
    }

    // Bytes a second; null: not known yet.
    get speed(): number | null {
        return this.#speed;
    }

    secondsLeft(remaining: number): number | null {
        return this.#speed && this.#speed > 1 ? remaining / this.#speed : null;
    }

    // Discards the samples from before a pause.
    reset(): void {
        this.#since = 0;
        this.#speed = null;
    }
}
