/** Puts `content` between `<!-- name -->` and `<!-- /name -->`; a text without these stays as it is. */
export function replaceMarked(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return text;
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
