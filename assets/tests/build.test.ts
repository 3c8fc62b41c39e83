import test from 'node:test'; test('the build runs', () => {});
