import { expect, it } from 'vitest';
import { createPictureSource } from './picture-source.ts';

it('ends the pictured evening with a card that says what came of its call', () => {
  let ids = 0;
  const source = createPictureSource(Date.parse('2026-11-22T20:00:00Z'), () => `id-${ids++}`);
  const texts = source
    .messages()
    .filter(({ channel }) => channel === 'live-ops')
    .map(({ payload }) => payload.text);
  expect([texts[0], texts.at(-1)]).toEqual([
    expect.stringMatching(
      /^🟢 On air: flow CupFinal-Main started .* – now active, source connected, 2 s after the call$/,
    ),
    expect.stringMatching(/^🔴 Off air: flow CupFinal-Main stopped .* – now standby, 2 s after the call$/),
  ]);
  expect(source.state().ownEvents).toBe(5);
});
