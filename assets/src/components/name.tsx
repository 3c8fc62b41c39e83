// The name of an entry.
import { nameHalves } from '../model/names';

// A name that is shortened in its middle, so that its end shows. Screen readers get the whole name and `kind`.
export function Name({ name, folder = false, kind = '' }: { name: string; folder?: boolean; kind?: string }) {
    const [head, tail] = nameHalves(name, folder);
    return (
        <bdi class="name" title={name}>
            <span class="name-head" aria-hidden="true">
                {head}
            </span>
            {tail && (
                <span class="name-tail" aria-hidden="true">
                    {tail}
                </span>
            )}
            <span class="unseen">{kind ? `${name}, ${kind}` : name}</span>
        </bdi>
    );
}
