/** A DynamoDB attribute value, as far as the ledger's items have it. */
export type Value = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Value>>;

/** Names and values that an expression refers to. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
}

/** DynamoDB, or this imitation of it, does not take an expression. */
export class ExpressionError extends Error {
  override readonly name = 'ValidationException';
}

type Evaluate<Result> = (item: Item, placeholders: Placeholders) => Result;
export type Condition = Evaluate<boolean>;
type Operand = Evaluate<Value | undefined>;
/** Changes a copy of the item. */
export type Update = (before: Item, draft: Record<string, Value>, placeholders: Placeholders) => void;

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+)|(<=|>=|<>|[=<>(),+-]))/y;

/** The words and signs of an expression, read one after another. */
function createReader(text: string) {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(`not imitated: ${text.slice(from)}`);
    tokens.push(match[1] ?? match[2] ?? '');
  }
  let place = 0;
  const peek = (): string | undefined => tokens[place];
  const isNext = (...words: readonly string[]): boolean => words.includes((peek() ?? '').toUpperCase());
  const take = (): string => {
    const token = tokens[place];
    if (token === undefined) throw new ExpressionError(`ends too early: ${text}`);
    place += 1;
    return token;
  };
  const accept = (word: string): boolean => {
    if (!isNext(word)) return false;
    place += 1;
    return true;
  };
  return {
    isNext,
    take,
    accept,
    isAtEnd: () => place === tokens.length,
    isCall: () => tokens[place + 1] === '(',
    expect(word: string): void {
      if (!accept(word)) throw new ExpressionError(`${word} expected in: ${text}`);
    },
  };
}

type Reader = ReturnType<typeof createReader>;

const PATH = /^(?:#[A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*)$/;

function nameOf(token: string, { names }: Placeholders): string {
  if (!token.startsWith('#')) return token;
  const name = names[token];
  if (name === undefined) throw new ExpressionError(`no such name: ${token}`);
  return name;
}

function valueNamed(token: string, { values }: Placeholders): Value {
  const value = values[token];
  if (value === undefined) throw new ExpressionError(`no such value: ${token}`);
  return value;
}

function readPath(reader: Reader): (placeholders: Placeholders) => string {
  const token = reader.take();
  if (!PATH.test(token)) throw new ExpressionError(`not a name: ${token}`);
  return (placeholders) => nameOf(token, placeholders);
}

function readOperand(reader: Reader): Operand {
  if (reader.isNext('IF_NOT_EXISTS')) {
    reader.take();
    reader.expect('(');
    const path = readPath(reader);
    reader.expect(',');
    const otherwise = readOperand(reader);
    reader.expect(')');
    return (item, placeholders) => item[path(placeholders)] ?? otherwise(item, placeholders);
  }
  if (reader.isCall()) throw new ExpressionError(`not imitated: ${reader.take()}`);
  const token = reader.take();
  if (token.startsWith(':')) return (_, placeholders) => valueNamed(token, placeholders);
  if (!PATH.test(token)) throw new ExpressionError(`not an operand: ${token}`);
  return (item, placeholders) => item[nameOf(token, placeholders)];
}

const numberOf = (value: Value | undefined): number => {
  if (typeof value?.N !== 'string') throw new ExpressionError('an operand is not a number');
  return Number(value.N);
};

/** How two values of one type compare; `undefined` if they do not. */
function compare(one: Value | undefined, other: Value | undefined): number | undefined {
  if (typeof one?.N === 'string' && typeof other?.N === 'string') return Number(one.N) - Number(other.N);
  if (typeof one?.S === 'string' && typeof other?.S === 'string') return one.S < other.S ? -1 : Number(one.S > other.S);
  if (typeof one?.BOOL === 'boolean' && one.BOOL === other?.BOOL) return 0;
  return undefined;
}

type Holds = (order: number | undefined) => boolean;

const COMPARISONS: Readonly<Record<string, Holds>> = {
  '=': (order) => order === 0,
  // Of what is not there, DynamoDB says that it is not equal.
  '<>': (order) => order !== 0,
  '<': (order) => order !== undefined && order < 0,
  '<=': (order) => order !== undefined && order <= 0,
  '>': (order) => order !== undefined && order > 0,
  '>=': (order) => order !== undefined && order >= 0,
};
const comparison = (sign: string): Holds => {
  const holds = COMPARISONS[sign];
  if (holds === undefined) throw new ExpressionError(`not imitated: ${sign}`);
  return holds;
};
const atLeast = comparison('>=');
const atMost = comparison('<=');

function readComparison(reader: Reader): Condition {
  const operand = readOperand(reader);
  if (reader.accept('BETWEEN')) {
    const least = readOperand(reader);
    reader.expect('AND');
    const most = readOperand(reader);
    return (item, with_) => {
      const value = operand(item, with_);
      return atLeast(compare(value, least(item, with_))) && atMost(compare(value, most(item, with_)));
    };
  }
  const holds = comparison(reader.take());
  const other = readOperand(reader);
  return (item, with_) => holds(compare(operand(item, with_), other(item, with_)));
}

function readExistence(reader: Reader): Condition {
  const isWanted = reader.take().toLowerCase() === 'attribute_exists';
  reader.expect('(');
  const path = readPath(reader);
  reader.expect(')');
  return (item, with_) => (item[path(with_)] !== undefined) === isWanted;
}

function readPrimary(reader: Reader): Condition {
  if (reader.accept('NOT')) {
    const condition = readPrimary(reader);
    return (item, with_) => !condition(item, with_);
  }
  if (reader.accept('(')) {
    const condition = readOr(reader);
    reader.expect(')');
    return condition;
  }
  if (reader.isNext('ATTRIBUTE_EXISTS', 'ATTRIBUTE_NOT_EXISTS')) return readExistence(reader);
  return readComparison(reader);
}

function readAnd(reader: Reader): Condition {
  const conditions = [readPrimary(reader)];
  while (reader.accept('AND')) conditions.push(readPrimary(reader));
  return (item, with_) => conditions.every((condition) => condition(item, with_));
}

function readOr(reader: Reader): Condition {
  const conditions = [readAnd(reader)];
  while (reader.accept('OR')) conditions.push(readAnd(reader));
  return (item, with_) => conditions.some((condition) => condition(item, with_));
}

function readSet(reader: Reader): Update {
  const path = readPath(reader);
  reader.expect('=');
  const first = readOperand(reader);
  const sign = reader.isNext('+', '-') ? reader.take() : undefined;
  const second = sign === undefined ? undefined : readOperand(reader);
  return (before, draft, with_) => {
    const value = first(before, with_);
    if (value === undefined) throw new ExpressionError('the expression refers to an attribute that is not there');
    if (second === undefined) {
      draft[path(with_)] = value;
      return;
    }
    const change = numberOf(second(before, with_));
    draft[path(with_)] = { N: String(numberOf(value) + (sign === '-' ? -change : change)) };
  };
}

function readAdd(reader: Reader): Update {
  const path = readPath(reader);
  const token = reader.take();
  return (before, draft, with_) => {
    const known = before[path(with_)];
    const sum = (known === undefined ? 0 : numberOf(known)) + numberOf(valueNamed(token, with_));
    draft[path(with_)] = { N: String(sum) };
  };
}

function readRemove(reader: Reader): Update {
  const path = readPath(reader);
  return (_, draft, with_) => {
    delete draft[path(with_)];
  };
}

const CLAUSES: Readonly<Record<string, (reader: Reader) => Update>> = {
  SET: readSet,
  ADD: readAdd,
  REMOVE: readRemove,
};

function readUpdate(reader: Reader): Update {
  const updates: Update[] = [];
  while (!reader.isAtEnd()) {
    const clause = reader.take();
    const readOne = CLAUSES[clause.toUpperCase()];
    if (readOne === undefined) throw new ExpressionError(`not imitated: ${clause}`);
    do updates.push(readOne(reader));
    while (reader.accept(','));
  }
  return (before, draft, with_) => {
    for (const update of updates) update(before, draft, with_);
  };
}

/** Reads each text once: the functions have a handful of them. */
function remembering<Read>(read: (text: string) => Read): (text: string) => Read {
  const known = new Map<string, Read>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = read(text);
    known.set(text, now);
    return now;
  };
}

/**
 * A condition of DynamoDB. What is not imitated throws.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export const parseCondition: (text: string) => Condition = remembering((text) => {
  const reader = createReader(text);
  const condition = readOr(reader);
  if (!reader.isAtEnd()) throw new ExpressionError(`not imitated: ${reader.take()} in ${text}`);
  return condition;
});

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export const parseUpdate: (text: string) => Update = remembering((text) => readUpdate(createReader(text)));

const REFERENCE = /[#:][A-Za-z0-9_]+/g;

/** DynamoDB refuses a request with names or values that its expressions do not use. */
export function refuseUnused(expressions: readonly (string | undefined)[], { names, values }: Placeholders): void {
  const used = new Set(expressions.flatMap((text) => text?.match(REFERENCE) ?? []));
  for (const given of [...Object.keys(names), ...Object.keys(values)]) {
    if (!used.has(given)) throw new ExpressionError(`unused in the expressions: ${given}`);
  }
}
