/**
 * An element that the page's HTML promises.
 *
 * @throws Error when the HTML does not keep the promise.
 */
export function part<Kind extends HTMLElement>(id: string, kind: abstract new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}
