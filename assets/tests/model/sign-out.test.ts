import '../support/indexed-db';
import { settled } from '../support/browser';
import '../support/tus';
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { t } from '../../src/i18n/language';
import { dialogs } from '../../src/model/dialogs';
import { me, signedIn } from '../../src/model/session';
import { signOut } from '../../src/model/sign-out';
import { toasts } from '../../src/model/toasts';
import { allRecords, keepRecords } from '../../src/model/uploads/records';
import { answer, called, forgetCalls, problem, signedInAs } from '../support/server';
import { clearRecords } from '../support/indexed-db';
import { saved } from '../support/uploads';

const ana = signedInAs('ana');

beforeEach(() => {
    forgetCalls();
    clearRecords();
    signedIn(ana);
    answer('DELETE', 'session', undefined);
});

async function answerQuestion(yes: boolean): Promise<void> {
    for (let i = 0; i < 100 && !dialogs.value.length; i++) await settled();
    const question = dialogs.value[0]?.question;
    assert.ok(question?.kind === 'confirmation');
    assert.equal(question.of.text, t('sign_out.uploads', { n: 1 }));
    question.answer(yes);
}

test('with nothing to send, signing out asks nothing', async () => {
    await signOut();
    assert.equal(me.value, null);
    assert.equal(dialogs.value.length, 0);
});

test('unfinished uploads are asked about, and their names leave this browser', async () => {
    keepRecords([saved('a', { user: ana.user.id })]);
    const refused = signOut();
    await answerQuestion(false);
    await refused;
    assert.equal(me.value?.username, 'ana');
    const out = signOut();
    await answerQuestion(true);
    await out;
    assert.equal(me.value, null);
    assert.deepEqual(await allRecords(), []);
});

test('a refusal is told, and the session stays', async () => {
    answer('DELETE', 'session', () => problem(403, 'forbidden'));
    await signOut();
    assert.equal(me.value?.username, 'ana');
    assert.equal(toasts.value.at(-1)?.text, t('error.forbidden'));
    me.value = null;
    forgetCalls();
    await signOut();
    assert.equal(called('DELETE', 'session').length, 0, 'nobody is signed in');
});
