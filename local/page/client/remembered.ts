/** A value that outlives a reload. Where the browser keeps nothing (private windows), it lasts as long as the page. */
export interface Remembered<Value> {
  get(): Value;
  set(value: Value): void;
}

export function remembered<Value>(key: string, fallback: Value): Remembered<Value> {
  const name = `notifier.${key}`;
  let current = fallback;
  try {
    const kept = localStorage.getItem(name);
    if (kept !== null) current = JSON.parse(kept) as Value;
  } catch {
    // Blocked storage or another program's text: start from the fallback.
  }
  return {
    get: () => current,
    set: (value) => {
      current = value;
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {
        // Not kept, then.
      }
    },
  };
}
