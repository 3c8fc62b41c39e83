// A word in a coloured shape.
import type { ComponentChildren } from 'preact';

export const Badge = ({
    tone = 'plain',
    children,
}: {
    tone?: 'plain' | 'good' | 'bad' | 'accent';
    children: ComponentChildren;
}) => <span class={`badge ${tone}`}>{children}</span>;
