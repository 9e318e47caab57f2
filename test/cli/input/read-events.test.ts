import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOfRecord } from '../../../cli/input/envelope.ts';
import { type ReadEventsOptions, readEvents } from '../../../cli/input/read-events.ts';
import { anEvent, aRecord } from '../../builders.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-events-'));
});
afterAll(() => rm(directory, { recursive: true }));

const NO_EVENT =
  'neither an EventBridge event (source, detail-type, detail) nor a CloudTrail record (eventSource, eventName)';

async function aFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** What comes of the input: ids of events, texts of errors, each with its line. */
async function read(paths: readonly string[], options?: ReadEventsOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const item of readEvents(paths, options)) {
    found.push(`${item.line ?? 'file'}: ${item.kind === 'event' ? String(item.envelope.id) : item.error}`);
  }
  return found;
}

const record = (eventID: string) => aRecord({ eventID });
const event = (id: string) => anEvent({ id });
const json = (value: unknown) => JSON.stringify(value);

describe('readEvents', () => {
  it.each([
    ['one record', json(record('a')), ['1: a']],
    ['one event', json(event('a')), ['1: a']],
    ['one record over several lines', JSON.stringify(record('a'), undefined, 2), ['1: a']],
    ['a list', json([record('a'), event('b')]), ['1: a', '1: b']],
    ['a list with an element a line', `[\n${json(record('a'))},\n\n${json(event('b'))}\n]`, ['2: a', '4: b']],
    ['a log file', json({ Records: [record('a'), record('b')] }), ['1: a', '1: b']],
    [
      'a log file over several lines',
      `{\n"Records": [\n${json(record('a'))},\n${json(record('b'))}]}`,
      ['3: a', '4: b'],
    ],
    ['a line each', `${json(record('a'))}\n${json(event('b'))}\n`, ['1: a', '2: b']],
    ['Windows lines and blank ones', `\r\n${json(record('a'))}\r\n\r\n${json(event('b'))}\r\n`, ['2: a', '4: b']],
    ['a byte order mark', `\uFEFF${json(record('a'))}`, ['1: a']],
  ])('reads %s', async (name, content, expected) => {
    expect(await read([await aFile(`forms/${name}.json`, content)])).toEqual(expected);
  });

  it('gives a record the envelope it would come in, and leaves an event as it is', async () => {
    const path = await aFile('both.json', json([record('a'), event('b')]));
    const items = await Array.fromAsync(readEvents([path]));
    expect(items).toEqual([
      { kind: 'event', envelope: envelopeOfRecord(record('a')), file: path, line: 1, record: 1 },
      { kind: 'event', envelope: event('b'), file: path, line: 1, record: 2 },
    ]);
  });

  it('knows gzip by its first bytes, whatever the file is called', async () => {
    const packed = gzipSync(json({ Records: [record('a')] }));
    expect(await read([await aFile('packed.json', packed)])).toEqual(['1: a']);
  });

  it('reads gzip files that were joined', async () => {
    const joined = Buffer.concat(['a', 'b'].map((id) => gzipSync(`${json(record(id))}\n`)));
    expect(await read([await aFile('joined.gz', joined)])).toEqual(['1: a', '2: b']);
  });

  it('reads standard input in pieces of any size', async () => {
    const bytes = gzipSync(`${json(record('ä'))}\n${json(record('b'))}`);
    async function* oneByOne() {
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    expect(await read(['-'], { stdin: oneByOne() })).toEqual(['1: ä', '2: b']);
  });

  it('goes through a directory as S3 lays it out, and leaves digests and other files alone', async () => {
    const trail = 's3/AWSLogs/111122223333/CloudTrail';
    await aFile(`${trail}/eu-west-1/2026/11/22/b.json.gz`, gzipSync(json({ Records: [record('b')] })));
    await aFile(`${trail}/eu-west-1/2026/11/21/a.json.gz`, gzipSync(json({ Records: [record('a')] })));
    await aFile('s3/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/22/d.json.gz', gzipSync('{}'));
    await aFile(`${trail}/notes.txt`, 'not a log file');
    expect(await read([join(directory, 's3')])).toEqual(['1: a', '1: b']);
  });

  it.each([
    [
      'a line that is no JSON',
      `${json(record('a'))}\nhello\n${json(record('b'))}`,
      ['1: a', "2: not JSON: Unexpected token 'h'", '3: b'],
    ],
    [
      'a first line that is no JSON',
      `{"a"\n${json(record('b'))}`,
      ['1: not JSON: Unexpected end of JSON input', '2: b'],
    ],
    [
      'a line that is no event',
      `${json(record('a'))}\n{"a":1}\n3\nnull`,
      ['1: a', `2: ${NO_EVENT}`, `3: ${NO_EVENT}`, `4: ${NO_EVENT}`],
    ],
    ['an element that is no event', `[\n${json(record('a'))},\n{"a":"}]"}]`, ['2: a', `3: ${NO_EVENT}`]],
    ['a text', 'once upon\na time', ["1: not JSON: Unexpected token 'o'"]],
    ['a list with a comma too many', `[\n${json(record('a'))},\n]`, ['2: a', "3: not JSON: Unexpected token ']'"]],
    [
      'a document that ends early',
      `{\n"Records": [\n${json(record('a'))}`,
      ['3: a', '3: not JSON: Unexpected end of JSON input'],
    ],
  ])('says where %s is', async (name, content, expected) => {
    expect(await read([await aFile(`mistakes/${name}`, content)])).toEqual(expected);
  });

  it('gives one error for a document over many lines, at the line of the mistake', async () => {
    const printed = JSON.stringify(record('a'), undefined, 2).replace('"true"\n', '"true",\n');
    const line = printed.slice(0, printed.indexOf('"true",')).split('\n').length + 1;
    expect(await read([await aFile('guide.txt', printed)])).toEqual([`${line}: not JSON: Unexpected token '}'`]);
  });

  it.each([
    ['is empty', '', ['file: is empty']],
    ['has only blank lines', '\n \n', ['file: is empty']],
    ['holds an empty list', '[]', []],
    ['holds no records', '{"Records":[]}', []],
    [
      'is damaged gzip',
      Buffer.concat([gzipSync('{}').subarray(0, 10), Buffer.from('hello there')]),
      ['file: not readable: its gzip data is damaged'],
    ],
    ['is cut gzip', gzipSync(json(record('a'))).subarray(0, 60), ['file: not readable: its gzip data ends too early']],
    [
      'is gzip and more',
      Buffer.concat([gzipSync(json(record('a'))), Buffer.from(json(record('b')))]),
      ['file: not readable: its gzip data is damaged'],
    ],
    [
      'is UTF-16 with a mark',
      Buffer.from(`\uFEFF${json(record('a'))}`, 'utf16le'),
      ['file: is UTF-16; save it as UTF-8'],
    ],
    ['is UTF-16 without', Buffer.from(json(record('a')), 'utf16le'), ['file: is UTF-16; save it as UTF-8']],
  ])('takes a file that %s for itself, and reads the next', async (name, content, expected) => {
    const path = await aFile(`refused/${name}`, content);
    const next = await aFile('refused/next', json(record('next')));
    expect(await read([path, next])).toEqual([...expected, '1: next']);
  });

  it('reads the same calls from any documents in any gzip members, in pieces of any size', async () => {
    const aMember = fc.array(fc.constantFrom('object', 'list', 'log', 'pretty'), { maxLength: 4 });
    const asText = { object: json, list: (r: unknown) => json([r]), log: (r: unknown) => json({ Records: [r] }) };
    await fc.assert(
      fc.asyncProperty(
        fc.array(aMember, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('', '\n', ' \r\n'),
        fc.integer({ min: 1, max: 300 }),
        async (members, separator, size) => {
          let made = 0;
          const textOf = (form: string): string => {
            const one = record(`id-${made++}`);
            return form === 'pretty' ? JSON.stringify(one, undefined, 2) : asText[form as 'object'](one);
          };
          const packed = Buffer.concat(members.map((forms) => gzipSync(forms.map(textOf).join(separator))));
          async function* pieces() {
            for (let from = 0; from < packed.length; from += size) yield packed.subarray(from, from + size);
          }
          const ids = (await read(['-'], { stdin: pieces() })).map((line) => line.replace(/^\w+: /, ''));
          expect(ids).toEqual(made === 0 ? ['is empty'] : Array.from({ length: made }, (_, index) => `id-${index}`));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not wait for a writer of a pipe that has none', async () => {
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(await read([path])).toEqual(['file: is a pipe that nobody writes into']);
  });

  it('stops while it waits for standard input', async () => {
    const stop = new AbortController();
    const silent = new PassThrough();
    const items = readEvents(['-'], { stdin: silent, stop: stop.signal });
    silent.write(`${json(record('a'))}\n`);
    expect((await items.next()).value).toMatchObject({ kind: 'event', line: 1 });
    const next = items.next();
    stop.abort();
    await expect(next).rejects.toThrow('aborted');
    expect(silent.destroyed).toBe(true);
  });

  it('says what a directory holds besides log files, and reads what has no extension', async () => {
    await aFile('mixed/logs-1-2026-11-22-20-00-00-0a1b', gzipSync(json(record('a'))));
    await aFile('mixed/notes', 'text');
    await aFile('mixed/1_CloudTrail-Digest_eu-west-1_t_20261122T200000Z.json.gz', gzipSync('{}'));
    const notes: string[] = [];
    expect(await read([join(directory, 'mixed')], { onNote: (text) => notes.push(text) })).toEqual(['1: a']);
    expect(notes).toEqual(['passed over: 1 file of digests or Insight events, 1 file that is no log file']);
  });

  it('refuses a file that is not there before it reads any', async () => {
    const good = await aFile('good.json', json(record('a')));
    const missing = join(directory, 'missing.json');
    const found: unknown[] = [];
    const reading = (async () => {
      for await (const item of readEvents([good, missing])) found.push(item);
    })();
    await expect(reading).rejects.toThrow(`${missing}: no such file`);
    expect(found).toEqual([]);
  });

  it('refuses a directory without log files', async () => {
    const empty = join(directory, 'empty');
    await mkdir(empty);
    await expect(read([empty])).rejects.toThrow(`${empty}: holds no log files (*.json, *.ndjson, *.gz)`);
  });
});
