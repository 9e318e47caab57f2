/**
 * A function of something that many calls share and nobody changes, such as who made them, that remembers its answer as
 * long as that is there.
 */
export function memoizeFor<Shared extends object, Answer>(
  answer: (shared: Shared) => Answer,
): (shared: Shared) => Answer {
  const known = new WeakMap<Shared, Answer>();
  return (shared) => {
    const remembered = known.get(shared);
    if (remembered !== undefined) return remembered;
    const fresh = answer(shared);
    known.set(shared, fresh);
    return fresh;
  };
}

/**
 * A function of a text that remembers its latest answers: programs, people and resources come again and again, in a burst
 * hundreds of times. Only for functions that depend on nothing but the text, and whose answers nobody changes.
 *
 * @param most answers to remember; when there are more, all are forgotten, so that nothing grows with what comes in
 */
export function memoize<Answer>(answer: (text: string) => Answer, most = 200): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined || known.has(text)) return remembered as Answer;
    const fresh = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}
