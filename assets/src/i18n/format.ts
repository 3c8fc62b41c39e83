// Formats sizes, dates and durations for the reader's locale.
import { locale, t } from './language';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

// Constructing a formatter is slow, so each one is cached by locale.
function cached<F>(make: (locale: string) => F): () => F {
    const known = new Map<string, F>();
    return () => {
        const key = locale();
        let format = known.get(key);
        if (!format) known.set(key, (format = make(key)));
        return format;
    };
}

const oneDigit = cached((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }));
const whole = cached((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }));
const parts = cached((tag) => new Intl.NumberFormat(tag, { style: 'percent' }));
const fullDate = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' }));
const plainDate = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }));
const dateAndTime = cached((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }));
const hourAndMinute = cached((tag) => new Intl.DateTimeFormat(tag, { timeStyle: 'short' }));
const relativeTime = cached((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));

export function size(bytes: number): string {
    const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
    let value = bytes / 1024 ** step;
    let unit = step;
    if (value >= 999.95 && step > 0 && step < units.length - 1) [value, unit] = [value / 1024, step + 1];
    const format = unit === 0 || value >= 100 ? whole() : oneDigit();
    return `${format.format(value)}\u00a0${units[unit]}`;
}

export const count = (n: number): string => whole().format(n);
export const percent = (part: number): string => parts().format(part);

export const number = (n: number): string => (Math.abs(n) >= 100 ? whole() : oneDigit()).format(n);
export const perSecond = (n: number): string => `${number(n)}/s`;
export const milliseconds = (ms: number): string =>
    ms < 1000 ? `${number(ms)}\u00a0ms` : `${number(ms / 1000)}\u00a0s`;

export const exact = (when: number): string => fullDate().format(when);
export const day = (when: number): string => plainDate().format(when);
export const clock = (when: number): string => hourAndMinute().format(when);
export const dayAndTime = (when: number): string => dateAndTime().format(when);

const minute = 60_000;
const hour = 60 * minute;
const oneDay = 24 * hour;

// Relative within a week, else a date. Show `exact` in the title.
export function moment(when: number, now = Date.now()): string {
    const relative = relativeTime();
    const age = now - when;
    if (Math.abs(age) < minute) return t('time.now');
    if (age < 0 && age > -oneDay) return relative.format(Math.round(-age / hour), 'hour');
    if (age < 0) return day(when);
    if (age < hour) return relative.format(-Math.floor(age / minute), 'minute');
    const days = calendarDays(when, now);
    if (days === 0) return relative.format(-Math.floor(age / hour), 'hour');
    if (days < 7) return relative.format(-days, 'day');
    return day(when);
}

function calendarDays(when: number, now: number): number {
    const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
    return Math.round((midnight(now) - midnight(when)) / oneDay);
}

// "40 s", "3 min", "1 h 20 min": the time left of an upload.
export function duration(seconds: number): string {
    const unit = (value: number, name: string): string =>
        new Intl.NumberFormat(locale(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
    if (seconds < 60) return unit(Math.max(1, Math.ceil(seconds)), 'second');
    if (seconds < 3600) return unit(Math.ceil(seconds / 60), 'minute');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.round((seconds % 3600) / 60);
    return hours >= 24
        ? unit(Math.round(hours / 24), 'day')
        : minutes && minutes < 60
          ? `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`
          : unit(hours, 'hour');
}

export const speed = (bytesPerSecond: number): string => `${size(bytesPerSecond)}/s`;
