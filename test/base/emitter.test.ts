/** The typed emitter: undo, once, faults of handlers, and changes during an emit. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Emitter } from '../../sdk/base/emitter.js';

type Events = { count: number; word: string };

function make() {
  const faults: unknown[] = [];
  const heard: unknown[] = [];
  const events = new Emitter<Events>((fault) => faults.push(fault));
  return { events, faults, heard, hear: (event: unknown) => void heard.push(event) };
}

test('calls handlers of the event emitted, in the order they came', () => {
  const { events, heard, hear } = make();
  events.on('count', (n) => hear(`first ${n}`));
  events.on('count', (n) => hear(`second ${n}`));
  events.on('word', hear);
  events.emit('count', 1);
  assert.equal(heard, ['first 1', 'second 1']);
});

test('gives an undo that ends this one registration, once and for good', () => {
  const { events, heard, hear } = make();
  const undo = events.on('count', hear);
  events.on('count', hear);
  undo();
  undo();
  events.emit('count', 1);
  assert.equal(heard, [1]);
});

test('removes every registration of a handler by off, of that event alone', () => {
  const { events, heard, hear } = make();
  events.on('count', hear);
  events.on('count', hear);
  events.on('word', hear);
  events.off('count', hear);
  events.emit('count', 1);
  events.emit('word', 'a');
  assert.equal(heard, ['a']);
});

test('tells * handlers every event with its name, after the others', () => {
  const { events, heard, hear } = make();
  const undo = events.on('*', hear);
  events.on('count', hear);
  events.emit('count', 1);
  events.emit('word', 'a');
  undo();
  events.emit('count', 2);
  assert.equal(heard, [1, { type: 'count', event: 1 }, { type: 'word', event: 'a' }, 2]);
});

test('removes a * handler by off', () => {
  const { events, heard, hear } = make();
  events.on('*', hear);
  events.off('*', hear);
  events.emit('count', 1);
  assert.equal(heard, []);
});

test('calls a once handler one time', () => {
  const { events, heard, hear } = make();
  events.once('count', hear);
  events.emit('count', 1);
  events.emit('count', 2);
  assert.equal(heard, [1]);
});

test('lets go of a once handler by its undo and by off', () => {
  const { events, heard, hear } = make();
  events.once('count', hear)();
  events.once('count', hear);
  events.off('count', hear);
  events.emit('count', 1);
  assert.equal(heard, []);
});

test('calls a once handler one time also where a handler emits again', () => {
  const { events, heard, hear } = make();
  events.on('count', (n) => n === 1 && events.emit('count', 2));
  events.once('count', hear);
  events.emit('count', 1);
  assert.equal(heard, [2]);
});

test('reports what a handler throws and still calls the others', () => {
  const { events, faults, heard, hear } = make();
  const fault = new Error('from a handler');
  events.on('count', () => {
    throw fault;
  });
  events.on('count', hear);
  events.on('*', () => {
    throw 'a text';
  });
  events.emit('count', 1);
  assert.equal(heard, [1]);
  assert.is(faults[0], fault);
  assert.is(faults[1], 'a text');
});

test('does not call a handler that was removed by an earlier one of the same emit', () => {
  const { events, heard, hear } = make();
  events.on('count', () => events.off('count', hear));
  events.on('count', hear);
  events.emit('count', 1);
  assert.equal(heard, []);
});

test('does not call a handler in the emit it was added in', () => {
  const { events, heard, hear } = make();
  events.once('count', () => void events.on('count', hear));
  events.emit('count', 1);
  events.emit('count', 2);
  assert.equal(heard, [2]);
});

test('calls nobody after clear', () => {
  const { events, heard, hear } = make();
  const undo = events.on('count', hear);
  events.on('*', hear);
  events.clear();
  events.emit('count', 1);
  undo();
  assert.equal(heard, []);
});

test.run();
