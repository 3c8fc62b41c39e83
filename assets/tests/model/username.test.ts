import assert from 'node:assert/strict';
import test from 'node:test';
import { t } from '../../src/i18n/language';
import { usernameError } from '../../src/model/username';

test('user names are letters and digits of any script, and a few marks after the first', () => {
    for (const name of ['', '  ', 'ana', 'Ángela', '小明', 'अनिता', 'a.b_c-d@e+f', '1a', ' ana '])
        assert.equal(usernameError(name), null, name);
    for (const name of ['.ana', '@ana', 'a/b', 'a:b', 'a"b', '🙂'])
        assert.equal(usernameError(name), t('account.username_characters'), name);
});

test('a blank is refused with a name that would do, and so is a name that is too long', () => {
    assert.equal(usernameError('Ana  María'), t('account.username_blank', { name: 'Ana.María' }));
    assert.equal(usernameError('a'.repeat(64)), null);
    assert.equal(usernameError('a'.repeat(65)), t('account.username_long', { n: 64 }));
    assert.equal(usernameError('é'.repeat(64)), null, 'characters are counted, not bytes');
});
