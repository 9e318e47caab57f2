/** An example and what it does stand in two columns. */
const TWO_COLUMNS = /^(\s*)(\S.*?\S)\s{3,}(\S.*)$/;

function wrap(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A line with an indent is an example: it stays in one piece as long as it can, so that it can be copied. */
function fitExample(line: string, width: number): readonly string[] {
  const [, indent = '', command, words] = TWO_COLUMNS.exec(line) ?? [];
  if (command === undefined || words === undefined) return [line];
  return [indent + command, ...wrap(words, width, `${indent}    `)];
}

const isProse = (line: string | undefined): line is string => line !== undefined && /^\S/.test(line);

/** Fits the text of a help page to the terminal: prose is wrapped anew, examples are taken apart between their columns. */
export function fitHelp(text: string, width: number): string {
  const lines = text.split('\n');
  if (lines.every(({ length }) => length <= width)) return text;
  const fitted: string[] = [];
  for (let index = 0; index < lines.length; ) {
    const start = index;
    while (isProse(lines[index])) index += 1;
    const prose = lines.slice(start, index);
    if (prose.some(({ length }) => length > width)) fitted.push(...wrap(prose.join(' '), width, ''));
    else fitted.push(...prose);
    const line = lines[index];
    if (line !== undefined) fitted.push(...(line.length > width ? fitExample(line, width) : [line]));
    index += 1;
  }
  return fitted.join('\n');
}
