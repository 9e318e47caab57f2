/** A byte order mark of UTF-16 or, without one, an ASCII character with a zero beside it. */
export function isUtf16([first, second]: Uint8Array): boolean {
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (second !== undefined && (first === 0) !== (second === 0));
}

/** The first two bytes of every gzip file, whatever it is called. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const unpack = (what: string, tool: string): string => `is ${what}; unpack it first (${tool})`;
const TABLE = 'is a table for programs, and no JSON; select from it as JSON, or take the log files themselves';

/**
 * What files begin with that people have in place of JSON, byte by byte, and what to do with them.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @see https://www.rfc-editor.org/rfc/rfc8878
 * @see https://tukaani.org/xz/xz-file-format.txt
 * @see https://parquet.apache.org/docs/file-format/
 */
const FIRST_BYTES: readonly (readonly [start: string, text: string])[] = [
  ['PK\x03\x04', unpack('a zip file', 'unzip')],
  ['BZh', unpack('packed with bzip2', 'bunzip2')],
  ['\xFD7zXZ', unpack('packed with xz', 'unxz')],
  ['\x28\xB5\x2F\xFD', unpack('packed with Zstandard', 'unzstd')],
  ['7z\xBC\xAF', unpack('a 7-Zip file', '7z x')],
  ['PAR1', TABLE],
  ['Obj\x01', TABLE],
  ['ORC', TABLE],
];

/** Where a tar archive says so. @see https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const TAR_AT = 257;

/** A line that JSON may begin on. */
const MAY_BE_JSON = /^(?:\xEF\xBB\xBF)?[ \t]*[[{]/m;

/** What the first lines look like of texts that people have in place of JSON. */
const FIRST_LINES: readonly (readonly [start: RegExp, text: string])[] = [
  [/^<[!?a-z]/i, 'is XML or HTML, most likely what a server said in place of the file'],
  // Packed JSON, and packed gzip.
  [/^(?:eyJ|W3si|H4sI)[\w+/=\s]*$/, 'is packed as base64; unpack it first (base64 -d)'],
  [/^(?:EVENTS|MESSAGES|RECORDS|QUERYRESULTROWS)\t/, 'is the text form of aws; ask for the JSON with --output json'],
  [/^(?:---\s|-?\s?[A-Za-z]\w*:\s)/, 'is YAML; ask for JSON, of aws with --output json'],
  [/^\d{4}-\d\d-\d\dT\S+ [^"\n]*\{/, 'has a time before each JSON, as aws logs tail; take aws logs filter-log-events'],
  [
    /^(?:"[^"\n]*"|[\w@][^",{[\n]*)(?:,(?:"[^"\n]*"|(?! )[^",{[\n]*))+\r?\n/,
    'is CSV; take JSON, of Athena as aws athena get-query-results prints it, of the event history as Download as JSON',
  ],
];

/**
 * Says what a file is that begins as no JSON does, and what to do with it; `undefined` for what may be JSON.
 *
 * @param head the first bytes, as many as there are at hand
 */
export function otherFormat(head: Buffer): string | undefined {
  if (isUtf16(head)) return 'is UTF-16; save it as UTF-8';
  const start = head.toString('latin1', 0, 4096);
  const [, known] = FIRST_BYTES.find(([bytes]) => start.startsWith(bytes)) ?? [];
  if (known !== undefined) return known;
  if (start.startsWith('ustar', TAR_AT)) return unpack('a tar archive', 'tar -xf');
  if (MAY_BE_JSON.test(start)) return undefined;
  const [, text] = FIRST_LINES.find(([line]) => line.test(start.replace(/^\xEF\xBB\xBF/, ''))) ?? [];
  return text;
}
