import { afterEach, expect, it } from 'vitest';
import { createNamespace, destroyNamespace, getNamespace } from '../../../functions/stand-ins/cls-hooked.ts';

afterEach(() => destroyNamespace('AWSXRay'));

it('knows a namespace from when it is made until it is destroyed', () => {
  expect(getNamespace('AWSXRay')).toBeUndefined();
  const made = createNamespace('AWSXRay');
  expect(getNamespace('AWSXRay')).toBe(made);
  destroyNamespace('AWSXRay');
  expect(getNamespace('AWSXRay')).toBeUndefined();
});

it('holds what is set for the whole process, whoever asks', async () => {
  const namespace = createNamespace('AWSXRay');
  namespace.enter(namespace.createContext());
  expect(namespace.set('segment', 'facade')).toBe('facade');
  const later = await new Promise((resolve) => setImmediate(() => resolve(namespace.get('segment'))));
  expect(later).toBe('facade');
});

it('enters a context with what was known before it was made', () => {
  const namespace = createNamespace('AWSXRay');
  namespace.set('segment', 'first');
  const context = namespace.createContext();
  namespace.set('segment', 'second');
  namespace.enter(context);
  expect(namespace.get('segment')).toBe('first');
});
