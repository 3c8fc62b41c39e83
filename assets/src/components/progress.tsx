// Progress bars.

// A thin progress bar. Hidden from screen readers: the text beside it says the same.
export function ThinProgress({ part }: { part: number }) {
    return (
        <div class="progress thin" aria-hidden="true">
            <div style={{ width: `${part * 100}%` }} />
        </div>
    );
}

export function Progress({ part, label, thin, text }: { part: number; label: string; thin?: boolean; text?: string }) {
    return (
        <div
            class={thin ? 'progress thin' : 'progress'}
            role="progressbar"
            aria-label={label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(part * 100)}
            aria-valuetext={text}
        >
            <div style={{ width: `${part * 100}%` }} />
        </div>
    );
}
