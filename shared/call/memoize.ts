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

/** Names, addresses and programs are shorter; whoever is refused may write a hundred thousand characters. */
const LONGEST_REMEMBERED = 300;

/**
 * A function that remembers its last answer only, for two steps of one call that ask for the same: of the same values,
 * which nobody changes.
 */
export function memoizeLast<Asked extends readonly unknown[], Answer>(
  answer: (...asked: Asked) => Answer,
): (...asked: Asked) => Answer {
  let last: { readonly asked: Asked; readonly answer: Answer } | undefined;
  return (...asked) => {
    if (last === undefined || asked.some((value, index) => value !== last?.asked[index]))
      last = { asked, answer: answer(...asked) };
    return last.answer;
  };
}

/**
 * A function of a text that remembers its latest answers: programs, people and resources come again and again, in a burst
 * hundreds of times. Only for functions that depend on nothing but the text, and whose answers nobody changes.
 *
 * @param most answers to remember; when there are more, all are forgotten, so that nothing grows with what comes in
 * @param longest text to remember the answer of; what is longer is answered anew each time, so that memory is bounded in
 * bytes too
 */
export function memoize<Answer>(
  answer: (text: string) => Answer,
  most = 200,
  longest = LONGEST_REMEMBERED,
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    if (text.length > longest) return answer(text);
    const remembered = known.get(text);
    if (remembered !== undefined || known.has(text)) return remembered as Answer;
    const fresh = answer(text);
    if (known.size >= most) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}

/** Whether two answers to the same questions are the same. */
function isSame<Asked extends object>(one: Asked, other: Asked): boolean {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}

/**
 * A function of several values that are read from a record, always of the same members, which remembers its answer to the latest of each key and gives
 * it again where all of them are the same: to compare them costs less than to make one text of them. What has a long key is
 * answered anew each time.
 *
 * @param most keys to remember; when there are more, all are forgotten
 */
export function memoizeLatest<Asked extends object, Answer>(
  keyOf: (asked: Asked) => string,
  answer: (asked: Asked) => Answer,
  most = 200,
): (asked: Asked) => Answer {
  const known = new Map<string, { readonly asked: Asked; readonly answer: Answer }>();
  return (asked) => {
    const key = keyOf(asked);
    if (key.length > LONGEST_REMEMBERED) return answer(asked);
    const latest = known.get(key);
    if (latest !== undefined && isSame(latest.asked, asked)) return latest.answer;
    const fresh = { asked, answer: answer(asked) };
    if (latest === undefined && known.size >= most) known.clear();
    known.set(key, fresh);
    return fresh.answer;
  };
}
