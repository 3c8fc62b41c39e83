// A path in words.

// The steps of a path, each with its own writing direction.
export function Steps({ steps }: { steps: readonly string[] }) {
    return (
        <span title={steps.join(' / ')}>{steps.map((step, at) => [at > 0 && ' / ', <bdi key={at}>{step}</bdi>])}</span>
    );
}
