import assert from 'node:assert/strict';
import test from 'node:test';
import { closeAll, confirm, dialogs, resolveNameConflict, show } from '../../src/model/dialogs';

const question = { title: 'Delete?', text: 'For good.', yes: 'Delete' };
const conflict = {
    name: 'a',
    folder: 'f',
    ours: { kind: 'file' as const },
    theirs: null,
    replace: true,
    others: false,
};

test('dialogs are stacked, and each answers the caller that opened it', async () => {
    let finish: (answer?: string) => void = assert.fail;
    const first = show<string>((close) => {
        finish = close;
        return 'view';
    });
    assert.equal(dialogs.value[0]?.view, 'view');
    finish('drawn');
    assert.equal(await first, 'drawn');
    const asked = confirm(question);
    const above = show<number>(() => 'above');
    assert.equal(dialogs.value.length, 2);
    dialogs.value[1]!.close();
    assert.equal(await above, undefined);
    const shown = dialogs.value[0].question;
    assert.ok(shown?.kind === 'confirmation' && shown.of === question);
    shown.answer(true);
    assert.equal(await asked, true);
    assert.equal(dialogs.value.length, 0);
});

test('a conflict that nobody answers skips the entry, a confirmation is no', async () => {
    const asked = [confirm(question), resolveNameConflict(conflict)];
    closeAll();
    assert.deepEqual(await Promise.all(asked), [false, { choice: 'skip', all: false }]);
});

test('a conflict gives the choice, and whether it is for all', async () => {
    const asked = resolveNameConflict(conflict);
    const shown = dialogs.value[0]!.question;
    assert.ok(shown?.kind === 'name-conflict');
    shown.answer({ choice: 'replace', all: true });
    assert.deepEqual(await asked, { choice: 'replace', all: true });
});
