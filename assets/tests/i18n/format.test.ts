import assert from 'node:assert/strict';
import test from 'node:test';
import { duration, moment, size, speed } from '../../src/i18n/format';
import { language } from '../../src/i18n/language';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const hour = 3_600_000;

test('sizes are binary, with one digit where it tells something', () => {
    assert.equal(plain(size(0)), '0 B');
    assert.equal(plain(size(1023)), '1,023 B');
    assert.equal(plain(size(1024)), '1 KiB');
    assert.equal(plain(size(1536)), '1.5 KiB');
    assert.equal(plain(size(1024 * 1024 - 1)), '1 MiB');
    assert.equal(plain(size(734003200)), '700 MiB');
    assert.equal(plain(size(5 * 2 ** 40)), '5 TiB');
    assert.equal(plain(speed(4.2 * 2 ** 20)), '4.2 MiB/s');
});

test('moments are relative within a week and dates before it', () => {
    const now = new Date(2026, 10, 24, 12).getTime();
    assert.equal(moment(now - 20_000, now), 'just now');
    assert.equal(moment(now - 5 * 60_000, now), '5 minutes ago');
    assert.equal(moment(now - 3 * hour, now), '3 hours ago');
    assert.equal(moment(now - 13 * hour, now), 'yesterday');
    assert.equal(moment(now - 6 * 24 * hour, now), '6 days ago');
    assert.match(moment(now - 8 * 24 * hour, now), /2026/);
});

test('moments in Spanish', () => {
    language.value = 'es';
    const now = new Date(2026, 10, 24, 12).getTime();
    assert.equal(moment(now - 13 * hour, now), 'ayer');
    assert.equal(moment(now - 5 * 60_000, now), 'hace 5 minutos');
    language.value = 'en';
});

test('durations', () => {
    assert.equal(plain(duration(0.2)), '1 sec');
    assert.equal(plain(duration(59.1)), '60 sec');
    assert.equal(plain(duration(90)), '2 min');
    assert.equal(plain(duration(3600 + 20 * 60)), '1 hr 20 min');
    assert.equal(plain(duration(3 * 86400)), '3 days');
});
