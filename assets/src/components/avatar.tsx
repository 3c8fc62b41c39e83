// An avatar with an initial and a tint: a circle for a person, a rounded square for a group, an arch for a space.
interface AvatarProps {
    of: 'person' | 'group' | 'space';
    name: string;
    small?: boolean;
}

export function Avatar({ of, name, small }: AvatarProps) {
    const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 6;
    return (
        <span class={`avatar avatar-${of} tint-${tint} ${small ? 'small' : ''}`} aria-hidden="true">
            {[...name][0]?.toUpperCase() ?? '?'}
        </span>
    );
}
