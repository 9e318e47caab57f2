/** What is found in a stream of JSON texts. */
export interface SplitHandlers {
  /** A document, or an element of a document that is a list of records, and the line on which it starts. */
  readonly onValue: (value: unknown, line: number) => void;
  /** Whether a record needs no look, by its bytes; it is not parsed then. */
  readonly passOver?: (record: Buffer) => boolean;
  /** Something that is no JSON, and its line. Reading goes on at the next line that starts with a bracket. */
  readonly onMistake: (reason: string, line: number) => void;
}

export interface JsonSplitter {
  /** Takes the next bytes, UTF-8. */
  readonly push: (bytes: Buffer) => void;
  readonly end: () => void;
  /** Whether there was nothing but white space so far. */
  readonly isEmpty: () => boolean;
}

/** The members of a document under which AWS's services and tools give a list of records, or of what holds them. */
const LIST_KEYS: ReadonlySet<string> = new Set([
  'Records',
  'Events',
  'events',
  'logEvents',
  'Entries',
  'Messages',
  'QueryResultRows',
]);
const LONGEST_KEY = 'QueryResultRows'.length;

/** A value of more is not held: CloudTrail's largest record has 1 MB, and text for a person's eyes has less. */
const MOST_BYTES = 128 * 1024 * 1024;
/**
 * Of lists in lists: EventBridge takes no deeper event, and what walks through values calls itself for each level.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const MOST_DEPTH = 1000;
const MOST_BRACKETS = 65_536;

/** Numbers, `true`, `false` and `null`. */
const FIRST_OF_WORD = Buffer.from('-0123456789tfn');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_BREAK = 0x0a;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_OBJECT = 0x7d;
const COMMA_BYTE = 0x2c;

/** Kinds of bytes outside of texts. */
const NONE = 0;
const SPACE = 1;
const BREAK = 2;
const WORD = 3;
const TEXT = 4;
const OPEN = 5;
const CLOSE = 6;
const COMMA = 7;
const COLON = 8;
const MARK = 9;

const BYTE_KINDS = new Uint8Array(256);
for (const [kind, characters] of [
  [SPACE, ' \t\r'],
  [BREAK, '\n'],
  [WORD, '-+.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [TEXT, '"'],
  [OPEN, '{['],
  [CLOSE, '}]'],
  [COMMA, ','],
  [COLON, ':'],
  [MARK, '\u00EF\u00BB\u00BF\u001E'],
] as const) {
  for (const character of characters) BYTE_KINDS[character.charCodeAt(0)] = kind;
}

const BLANK = (1 << SPACE) | (1 << BREAK);
const NOTHING = BLANK | (1 << MARK);

/** What may come next besides white space; each is the set of the kinds that may. */
const VALUE = (1 << WORD) | (1 << TEXT) | (1 << OPEN);
/**
 * Between documents, where a byte order mark is white space, since files are joined as they are, and so is the separator
 * of JSON text sequences, as `jq --seq` writes them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7464
 */
const DOCUMENT = VALUE | (1 << MARK);
const VALUE_OR_END = VALUE | (1 << CLOSE);
const KEY = 1 << TEXT;
const KEY_OR_END = KEY | (1 << CLOSE);
const AFTER_KEY = 1 << COLON;
const AFTER_VALUE = (1 << COMMA) | (1 << CLOSE);

/** How CloudTrail starts each record of its log files, which have no white space in them. */
const RECORD_START = Buffer.from('{"eventVersion":');
/** So short a record has at most as many brackets as lists in lists may be deep. */
const SHORT = 2 * MOST_DEPTH;

const TOO_EARLY = 'Unexpected end of JSON input';

const byteText = (byte: number): string => {
  if (byte >= 0x80) return 'character';
  return byte > 0x20 && byte < 0x7f
    ? `token '${String.fromCharCode(byte)}'`
    : `byte 0x${byte.toString(16).padStart(2, '0')}`;
};

/** What Python, JavaScript and hands write where JSON has something else: the byte, what may stand there, and a hint. */
const HINTS: readonly (readonly [byte: RegExp, where: readonly number[] | undefined, hint: string])[] = [
  [/'/, undefined, 'JSON has double quotes; Python writes them with json.dumps'],
  [/[/#]/, undefined, 'JSON has no comments'],
  [/\w/, [KEY, KEY_OR_END], 'JSON has its keys in double quotes'],
  [/\}/, [KEY], 'there is a comma too many before it'],
  [/\]/, [VALUE], 'there is a comma too many before it'],
  [/,/, [DOCUMENT], 'without a list around them, there is nothing between documents'],
];

function hintText(byte: number, expected: number): string {
  const character = String.fromCharCode(byte);
  const known = HINTS.find(([bytes, where = [expected]]) => where.includes(expected) && bytes.test(character));
  return known === undefined ? '' : ` (${known[2]})`;
}

/** Nothing at this depth is a value to give back. */
const NOWHERE = -1;
const EMPTY = Buffer.alloc(0);

/** Bytes that are passed over inside of a text. A line break is never in one, so that a text that is cut ends with its line. */
const IN_TEXT = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, BACKSLASH, LINE_BREAK]) IN_TEXT[byte] = 0;

function passText(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && IN_TEXT[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

function passWord(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && BYTE_KINDS[bytes[at] ?? 0] === WORD) at += 1;
  return at;
}

/**
 * Where a record ends that is followed by another as CloudTrail writes them, by what is between the two; -1 if that
 * is not what comes next. It stands nowhere in a text, where a quote is escaped.
 */
function endOfRecord(bytes: Buffer, from: number, next: number): number {
  if (next === -1 || bytes[next - 1] !== COMMA_BYTE || bytes[next - 2] !== CLOSE_OBJECT) return -1;
  const lineBreak = bytes.subarray(from, next).indexOf(LINE_BREAK);
  return lineBreak === -1 ? next - 1 : -1;
}

const isLogRecord = (bytes: Buffer): boolean => bytes.subarray(0, RECORD_START.length).equals(RECORD_START);

type Parsed = { readonly value: unknown } | undefined;

function parse(bytes: Buffer): Parsed {
  try {
    return { value: JSON.parse(bytes.toString()) };
  } catch {
    return undefined;
  }
}

function passBreaks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === LINE_BREAK) at += 1;
  return at;
}

const isOpening = (byte: number | undefined): boolean => byte === OPEN_OBJECT || byte === OPEN_LIST;

/** Pieces of one run of bytes that came in several chunks, up to what may be held. */
function createHeld() {
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    add: (piece: Buffer): void => {
      size += piece.length;
      if (size <= MOST_BYTES) pieces.push(piece);
      else pieces = [];
    },
    clear: (): void => {
      if (size > 0) pieces = [];
      size = 0;
    },
    isEmpty: () => size === 0,
    isTooLarge: () => size > MOST_BYTES,
    /** What was held, and this. */
    with: (last: Buffer): Buffer => (size === 0 ? last : Buffer.concat([...pieces, last])),
  };
}

/**
 * Cuts a stream of JSON texts, whatever is or is not between them, into its documents, and those that are lists of
 * records into the records. Nothing is looked at twice, however long it is, and of a list only one element is held.
 *
 * The grammar of brackets, commas and colons is checked on the way, so that a mistake is known where it stands; words
 * and escapes are for `JSON.parse`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function createJsonSplitter({ onValue, onMistake, passOver = () => false }: SplitHandlers): JsonSplitter {
  let chunk: Buffer = EMPTY;
  let at = 0;
  let line = 1;
  let isEmpty = true;

  let expected = DOCUMENT;
  let depth = 0;
  const opened = new Uint8Array(MOST_BRACKETS);
  /** The depth whose values are given back: 0 documents, 1 elements of a list, 2 elements of `{"Records":[…`. */
  let valueDepth = 0;
  let isInText = false;
  let isEscaped = false;
  let isInWord = false;

  let isValueOpen = false;
  let valueStart = 0;
  let valueLine = 1;
  let deepest = 0;
  const value = createHeld();
  /** Up to here no record is taken at once. */
  let slowUntil = 0;

  /** The member of the document that is being read, as far as it could be one of those that hold a list. */
  let key = '';
  let isInKey = false;

  /** A line inside of a document that starts as documents do: after a mistake, it is read again as one. */
  let lineStart = -1;
  let isFresh = false;
  const freshLine = createHeld();
  let isSkipping = false;
  let isAtLineStart = false;

  const forgetFreshLine = (): void => {
    isFresh = false;
    freshLine.clear();
  };

  const reset = (): void => {
    expected = DOCUMENT;
    depth = 0;
    valueDepth = 0;
    isInText = false;
    isEscaped = false;
    isInWord = false;
    isInKey = false;
    isValueOpen = false;
    value.clear();
  };

  /** Goes back to the start of the line if a document may start there, else on to the next line. */
  const goOn = (): void => {
    const again = isFresh && !freshLine.isTooLarge();
    if (again) {
      chunk = freshLine.with(chunk.subarray(lineStart));
      at = 0;
      slowUntil = 0;
    }
    isSkipping = !again;
    isAtLineStart = false;
    forgetFreshLine();
    reset();
  };

  /** A document that goes on where another may start has most likely ended without its brackets, on the line before. */
  const isCut = (): boolean => isFresh && at === lineStart && freshLine.isEmpty();

  const fail = (reason: string): void => {
    isEmpty = false;
    if (isCut()) onMistake(`not JSON: ${TOO_EARLY}`, line - 1);
    else onMistake(`not JSON: ${reason}`, line);
    goOn();
  };

  const failAt = (byte: number): void => fail(`Unexpected ${byteText(byte)}${hintText(byte, expected)}`);

  const openValue = (): void => {
    if (depth !== valueDepth) return;
    isValueOpen = true;
    valueStart = at;
    valueLine = line;
    deepest = depth;
  };

  const giveBack = (bytes: Buffer): void => {
    if (value.isTooLarge()) onMistake(`larger than ${MOST_BYTES / 1024 / 1024} MB`, valueLine);
    else if (deepest - valueDepth > MOST_DEPTH) onMistake(`nested deeper than ${MOST_DEPTH} levels`, valueLine);
    else takeWhole(value.with(bytes));
  };

  const takeWhole = (bytes: Buffer): void => {
    if (isLogRecord(bytes) && passOver(bytes)) return;
    const parsed = parse(bytes);
    if (parsed !== undefined) onValue(parsed.value, valueLine);
    else onMistake('not JSON: a word or a text in it is not as JSON has them', valueLine);
    // Words that follow on the same line are more of the same.
    if (parsed === undefined && isInWord && depth === 0) goOn();
  };

  /** Takes a record at once where another follows; most of a log file is read so. */
  const isTakenAtOnce = (): boolean => {
    if (depth === 0 || depth !== valueDepth || at < slowUntil) return false;
    const next = chunk.indexOf(RECORD_START, at + 1);
    const end = endOfRecord(chunk, at, next);
    if (end === -1 || !isTaken(chunk.subarray(at, end))) {
      slowUntil = next === -1 ? chunk.length : at + 1;
      return false;
    }
    at = end;
    expected = AFTER_VALUE;
    forgetFreshLine();
    return true;
  };

  const isTaken = (record: Buffer): boolean => {
    if (!isLogRecord(record)) return false;
    if (passOver(record)) return true;
    const parsed = record.length <= SHORT ? parse(record) : undefined;
    if (parsed !== undefined) onValue(parsed.value, line);
    return parsed !== undefined;
  };

  /** A value ends before `at`. */
  const closeValue = (): void => {
    expected = depth === 0 ? DOCUMENT : AFTER_VALUE;
    if (!isValueOpen || depth !== valueDepth) return;
    giveBack(chunk.subarray(valueStart, at));
    isValueOpen = false;
    value.clear();
    forgetFreshLine();
  };

  /** Whether a list that opens here is one of records: the document is not itself a record that has such a member. */
  const isRecordList = (): boolean => {
    if (depth !== 1 || opened[0] !== OPEN_OBJECT || !LIST_KEYS.has(key)) return false;
    return (
      valueDepth === NOWHERE ||
      (valueDepth === 0 && !value.with(chunk.subarray(valueStart, at)).includes('"eventName"'))
    );
  };

  /** From here on, elements are given back and not the document. */
  const enterList = (): void => {
    valueDepth = depth + 1;
    isValueOpen = false;
    value.clear();
  };

  const enter = (byte: number): void => {
    if (byte === OPEN_LIST && (depth === 0 || isRecordList())) enterList();
    else openValue();
    opened[depth] = byte;
    depth += 1;
    if (depth > deepest) deepest = depth;
    expected = byte === OPEN_OBJECT ? KEY_OR_END : VALUE_OR_END;
    at += 1;
  };

  const open = (byte: number): void => {
    if (byte === OPEN_OBJECT && isTakenAtOnce()) return;
    if (depth >= MOST_BRACKETS) fail(`nested deeper than ${MOST_BRACKETS} levels`);
    else enter(byte);
  };

  const close = (byte: number): void => {
    // In ASCII each closing bracket comes two after its opening one.
    if (opened[depth - 1] !== byte - 2) {
      failAt(byte);
      return;
    }
    depth -= 1;
    at += 1;
    closeValue();
    if (depth === 0) valueDepth = 0;
    else if (depth < valueDepth) valueDepth = NOWHERE;
  };

  const openText = (): void => {
    isInText = true;
    isInKey = (expected & (1 << WORD)) === 0;
    if (isInKey) key = '';
    else openValue();
    at += 1;
  };

  /** Notes a document's member; of a longer one than those that are known only so much that it is none of them. */
  const noteKey = (from: number, to: number): void => {
    if (isInKey && depth === 1 && key.length <= LONGEST_KEY) {
      key += chunk.toString('latin1', from, Math.min(to, from + LONGEST_KEY + 1));
    }
  };

  const closeText = (): void => {
    isInText = false;
    at += 1;
    if (isInKey) expected = AFTER_KEY;
    else closeValue();
    isInKey = false;
  };

  const stepInText = (): void => {
    const from = at;
    if (isEscaped && chunk[at] !== LINE_BREAK) at += 1;
    isEscaped = false;
    at = passText(chunk, at);
    noteKey(from, at);
    if (at >= chunk.length) return;
    const byte = chunk[at];
    if (byte === QUOTE) closeText();
    else if (byte === LINE_BREAK) fail('a text is not closed');
    else {
      isEscaped = true;
      at += 1;
    }
  };

  const stepInWord = (): void => {
    at = passWord(chunk, at);
    if (at >= chunk.length) return;
    closeValue();
    isInWord = false;
  };

  const openWord = (byte: number): void => {
    if (!FIRST_OF_WORD.includes(byte)) {
      failAt(byte);
      return;
    }
    openValue();
    isInWord = true;
  };

  const breakLine = (): void => {
    const end = passBreaks(chunk, at);
    line += end - at;
    at = end;
    forgetFreshLine();
    isAtLineStart = true;
  };

  const takeComma = (): void => {
    expected = opened[depth - 1] === OPEN_OBJECT ? KEY : VALUE;
    at += 1;
  };

  const takeColon = (): void => {
    expected = VALUE;
    at += 1;
  };

  const pass = (): void => {
    at += 1;
  };

  /** What each kind of byte does, by its number. */
  const takers: readonly ((byte: number) => void)[] = [
    pass,
    pass,
    breakLine,
    openWord,
    openText,
    open,
    close,
    takeComma,
    takeColon,
    pass,
  ];

  const noteLineStart = (byte: number): void => {
    isAtLineStart = false;
    if (depth === 0 || !isOpening(byte)) return;
    isFresh = true;
    lineStart = at;
  };

  const step = (): void => {
    const byte = chunk[at] ?? 0;
    const kind = BYTE_KINDS[byte] ?? NONE;
    const bit = 1 << kind;
    if (isAtLineStart) noteLineStart(byte);
    if ((bit & NOTHING) === 0) isEmpty = false;
    if (((expected | BLANK) & bit) === 0) failAt(byte);
    else takers[kind]?.(byte);
  };

  const skip = (): void => {
    if (isAtLineStart && isOpening(chunk[at])) {
      isSkipping = false;
      isAtLineStart = false;
      return;
    }
    const end = chunk.indexOf(LINE_BREAK, at);
    isAtLineStart = end !== -1;
    at = end === -1 ? chunk.length : end + 1;
    if (isAtLineStart) line += 1;
  };

  const advance = (): void => {
    if (isInText) stepInText();
    else if (isInWord) stepInWord();
    else if (isSkipping) skip();
    else step();
  };

  const run = (): void => {
    while (at < chunk.length) advance();
  };

  const keepRest = (): void => {
    if (isValueOpen) value.add(chunk.subarray(valueStart));
    if (isFresh) freshLine.add(chunk.subarray(lineStart));
    valueStart = 0;
    lineStart = 0;
    chunk = EMPTY;
    at = 0;
  };

  const endWord = (): void => {
    closeValue();
    isInWord = false;
  };

  return {
    isEmpty: () => isEmpty,
    push: (bytes) => {
      chunk = bytes;
      at = 0;
      slowUntil = 0;
      run();
      keepRest();
    },
    end: () => {
      if (isInWord) endWord();
      if (depth === 0 && !isInText) return;
      fail(TOO_EARLY);
      // A line that is a document by itself, after one that is cut; what is cut again was said already.
      run();
    },
  };
}
