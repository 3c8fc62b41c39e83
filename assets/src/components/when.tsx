// A time, relative within a week; the exact one shows on hover.
import { exact, moment } from '../i18n/format';

export function When({ at }: { at: number }) {
    return (
        <time dateTime={new Date(at).toISOString()} onMouseEnter={(event) => (event.currentTarget.title = exact(at))}>
            {moment(at)}
        </time>
    );
}
