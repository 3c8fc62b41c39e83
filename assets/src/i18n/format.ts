// Sizes, dates and durations as the reader writes them.
import { locale, t } from './language';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

// Making a formatter costs far more than using it: each is made once a locale.
function cached<F>(make: (locale: string) => F): () => F {
    const known = new Map<string, F>();
    return () => {
        const key = locale();
        let format = known.get(key);
        if (!format) known.set(key, (format = make(key)));
        return format;
    };
}

const one_digit = cached((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }));
const whole = cached((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }));
const parts = cached((tag) => new Intl.NumberFormat(tag, { style: 'percent' }));
const full_date = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' }));
const plain_date = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }));
const date_and_time = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }));
const hour_and_minute = cached((tag) => new Intl.DateTimeFormat(tag, { timeStyle: 'short' }));
const relative_time = cached((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));

export function size(bytes: number): string {
    const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
    let value = bytes / 1024 ** step;
    let unit = step;
    if (value >= 999.95 && step > 0 && step < units.length - 1) [value, unit] = [value / 1024, step + 1];
    const format = unit === 0 || value >= 100 ? whole() : one_digit();
    return `${format.format(value)}\u00a0${units[unit]}`;
}

export const count = (n: number): string => whole().format(n);
export const percent = (part: number): string => parts().format(part);

export const number = (n: number): string => (Math.abs(n) >= 100 ? whole() : one_digit()).format(n);
export const per_second = (n: number): string => `${number(n)}/s`;
export const milliseconds = (ms: number): string => (ms < 1000 ? `${number(ms)}\u00a0ms` : `${number(ms / 1000)}\u00a0s`);

export const exact = (when: number): string => full_date().format(when);
export const day = (when: number): string => plain_date().format(when);
export const clock = (when: number): string => hour_and_minute().format(when);
export const day_and_time = (when: number): string => date_and_time().format(when);

const minute = 60_000;
const hour = 60 * minute;
const one_day = 24 * hour;

// Relative within a week, a date before that; `exact` belongs in the title.
export function moment(when: number, now = Date.now()): string {
    const relative = relative_time();
    const age = now - when;
    if (Math.abs(age) < minute) return t('time.now');
    if (age < 0 && age > -one_day) return relative.format(Math.round(-age / hour), 'hour');
    if (age < 0) return day(when);
    if (age < hour) return relative.format(-Math.floor(age / minute), 'minute');
    const days = calendar_days(when, now);
    if (days === 0) return relative.format(-Math.floor(age / hour), 'hour');
    if (days < 7) return relative.format(-days, 'day');
    return day(when);
}

function calendar_days(when: number, now: number): number {
    const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
    return Math.round((midnight(now) - midnight(when)) / one_day);
}

// "40 s", "3 min", "1 h 20 min": how long an upload still takes.
export function duration(seconds: number): string {
    const unit = (value: number, name: string): string => new Intl.NumberFormat(locale(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
    if (seconds < 60) return unit(Math.max(1, Math.ceil(seconds)), 'second');
    if (seconds < 3600) return unit(Math.ceil(seconds / 60), 'minute');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.round((seconds % 3600) / 60);
    return hours >= 24 ? unit(Math.round(hours / 24), 'day') : minutes && minutes < 60 ? `${unit(hours, 'hour')} ${unit(minutes, 'minute')}` : unit(hours, 'hour');
}

export const speed = (bytes_per_second: number): string => `${size(bytes_per_second)}/s`;
