import assert from 'node:assert/strict';
import test from 'node:test';
import { Throughput } from '../../../src/model/uploads/throughput';

test('speed is smoothed, and gives the time left', () => {
    const throughput = new Throughput();
    throughput.sample(0, 1000);
    assert.equal(throughput.speed, null);
    throughput.sample(1000, 2000);
    assert.equal(throughput.speed, 1000);
    throughput.sample(3000, 3000);
    assert.ok(throughput.speed > 1300 && throughput.speed < 2000);
    assert.ok(Math.abs(throughput.secondsLeft(throughput.speed * 5)! - 5) < 0.001);
    throughput.reset();
    assert.equal(throughput.secondsLeft(10), null);
});

test('samples that are close are one, and fewer bytes than before start again', () => {
    const throughput = new Throughput();
    throughput.sample(0, 1000);
    throughput.sample(400, 1400);
    assert.equal(throughput.speed, null, 'less than half a second');
    throughput.sample(1000, 2000);
    assert.equal(throughput.speed, 1000);
    throughput.sample(10, 3000);
    throughput.sample(1010, 4000);
    assert.equal(throughput.speed, 1000);
});
