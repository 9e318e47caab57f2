import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOfRecord } from '../../../cli/input/envelope.ts';
import { type ReadEventsOptions, readEvents, readFileBlocks } from '../../../cli/input/read-events.ts';
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
    [
      'a list with a comma too many',
      `[\n${json(record('a'))},\n]`,
      ['2: a', "3: not JSON: Unexpected token ']' (there is a comma too many before it)"],
    ],
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
    expect(await read([await aFile('guide.txt', printed)])).toEqual([
      `${line}: not JSON: Unexpected token '}' (there is a comma too many before it)`,
    ]);
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

  it.each<[name: string, content: string | Uint8Array, line: string]>([
    ['trail.zip', 'PK\u0003\u0004\u0014', 'is a zip file; unpack it first (unzip)'],
    ['zipped.json.gz', 'PK\u0003\u0004\u0014', 'is a zip file; unpack it first (unzip)'],
    ['trail.json.bz2', 'BZh91AY&SY', 'is packed with bzip2; unpack it first (bunzip2)'],
    ['trail.json.xz', Buffer.from('fd377a585a000004', 'hex'), 'is packed with xz; unpack it first (unxz)'],
    ['trail.json.zst', Buffer.from('28b52ffd042058', 'hex'), 'is packed with Zstandard; unpack it first (unzstd)'],
    ['trail.7z', Buffer.from('377abcaf271c0004', 'hex'), 'is a 7-Zip file; unpack it first (7z x)'],
    ['trail.tar', `${'x'.repeat(257)}ustar`, 'is a tar archive; unpack it first (tar -xf)'],
    ['trail.tar.gz', gzipSync(`${'x'.repeat(257)}ustar`), 'is a tar archive; unpack it first (tar -xf)'],
    ...['PAR1\u0015', 'ORC\u0008', 'Obj\u0001'].map((start): [string, string, string] => [
      `a table that starts ${JSON.stringify(start)}`,
      start,
      'is a table for programs, and no JSON; select from it as JSON, or take the log files themselves',
    ]),
    ...['<?xml version="1.0"?>\n<Error/>', '\uFEFF<!DOCTYPE html>', '<html>'].map((start): [string, string, string] => [
      `what a server says, ${start.length}`,
      start,
      'is XML or HTML, most likely what a server said in place of the file',
    ]),
    ...['{"a":1}', '[{"a":1}]'].map((text): [string, string, string] => [
      `packed ${text.length}`,
      Buffer.from(text).toString('base64'),
      'is packed as base64; unpack it first (base64 -d)',
    ]),
    [
      'gzip as base64 over lines',
      gzipSync('{"a":1}').toString('base64').replace(/.{8}/g, '$&\n'),
      'is packed as base64; unpack it first (base64 -d)',
    ],
    [
      'lookup.txt',
      'EVENTS\tAKIAEXAMPLE\t{"eventVersion":"1.11"}',
      'is the text form of aws; ask for the JSON with --output json',
    ],
    ['lookup.yaml', "Events:\n- CloudTrailEvent: '{}'\n", 'is YAML; ask for JSON, of aws with --output json'],
    ['list.yaml', '- eventName: StopFlow\n', 'is YAML; ask for JSON, of aws with --output json'],
    [
      'tail.txt',
      `2026-11-22T20:00:00.000000+00:00 stream ${json(record('a'))}\n`,
      'has a time before each JSON, as aws logs tail; take aws logs filter-log-events',
    ],
    ...['"eventname","useridentity"\r\n"StopFlow","{type=Root}"\n', 'Event ID,Event time,User name\na,b,c\n'].map(
      (text): [string, string, string] => [
        `rows ${text.length}.csv`,
        text,
        'is CSV; take JSON, of Athena as aws athena get-query-results prints it, of the event history as Download as JSON',
      ],
    ),
  ])('says of %s what it is and what to do with it', async (name, content, line) => {
    const path = await aFile(`other-formats/${name.replaceAll(/[^\w.]/g, '-')}`, content);
    const next = await aFile('other-formats/next', json(record('next')));
    expect(await read([path, next])).toEqual([`file: ${line}`, '1: next']);
  });

  it.each([
    'EVENTS\tof today',
    'note: these are yesterday’s',
    '<!-- copied -->',
    'a,b',
    'once upon, a time',
    '2026-11-22T20:00:00Z a log {',
    'eyJhIjoxfQ==',
  ])('reads on after a first line such as %s, where JSON follows', async (first) => {
    const path = await aFile(`first-lines/${first.replaceAll(/\W/g, '-')}`, `${first}\n${json(record('a'))}\n`);
    expect((await read([path])).filter((found) => !found.includes('not JSON'))).toEqual(['2: a']);
  });

  it('takes prose with commas for no table, and names context values', async () => {
    expect(await read([await aFile('prose', 'Once upon, a time\n')])).toEqual([`1: not JSON: Unexpected token 'O'`]);
    const named = '1: context values, and no event; they go with --context FILE';
    for (const context of [{ 'notifier:rules': {} }, { app: 'node app.ts', context: { 'notifier:rules': {} } }]) {
      expect(await read([await aFile('context.json', json(context))])).toEqual([named]);
    }
  });

  it.each([
    ["{'eventName': 'StopFlow'}", "Unexpected token ''' (JSON has double quotes; Python writes them with json.dumps)"],
    ["[{'a': None}]", "Unexpected token ''' (JSON has double quotes; Python writes them with json.dumps)"],
    ['{Records: []}', "Unexpected token 'R' (JSON has its keys in double quotes)"],
    ['{"a":1, b:2}', "Unexpected token 'b' (JSON has its keys in double quotes)"],
    ['{"a":1,}', "Unexpected token '}' (there is a comma too many before it)"],
    ['{"Records":[1,]}', "Unexpected token ']' (there is a comma too many before it)"],
    ['{"a":}', "Unexpected token '}'"],
    ['{"a":1 // x', "Unexpected token '/' (JSON has no comments)"],
    ['{"a":1}}', "Unexpected token '}'"],
    ['{"a":1}\u0000\u0000', 'Unexpected byte 0x00'],
    ['{"a":1},', "Unexpected token ',' (without a list around them, there is nothing between documents)"],
    ['{"a" "b"}', `Unexpected token '"'`],
  ])('hints at what was meant with %j', async (content, reason) => {
    const path = await aFile('hints', content);
    expect((await read([path])).filter((found) => found.includes('not JSON'))).toEqual([`1: not JSON: ${reason}`]);
  });

  it('reads what is packed twice, as Firehose does with what CloudWatch Logs packed, and the texts of jq --seq', async () => {
    const twice = gzipSync(Buffer.concat([gzipSync(json(record('a'))), gzipSync(json(record('b')))]));
    expect(await read([await aFile('twice.gz', twice)])).toEqual(['1: a', '1: b']);
    const sequence = ['a', 'b'].map((id) => `\u001E${json(record(id))}\n`).join('');
    expect(await read([await aFile('sequence', sequence)])).toEqual(['1: a', '2: b']);
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

  it('stops in the midst of what one piece of gzip is unpacked to', async () => {
    const path = await aFile('newlines.json.gz', gzipSync(Buffer.alloc(64 * 1024 * 1024, '\n')));
    const stop = new AbortController();
    let blocks = 0;
    const reading = (async () => {
      for await (const _ of readFileBlocks(path, { stop: stop.signal })) {
        blocks += 1;
        stop.abort();
      }
    })();
    await expect(reading).rejects.toThrow('aborted');
    expect(blocks).toBe(1);
  });

  it('says what a directory holds besides log files, and reads what has no extension', async () => {
    await aFile('mixed/logs-1-2026-11-22-20-00-00-0a1b', gzipSync(json(record('a'))));
    await aFile('mixed/notes', 'text');
    await aFile('mixed/1_CloudTrail-Digest_eu-west-1_t_20261122T200000Z.json.gz', gzipSync('{}'));
    const notes: string[] = [];
    expect(await read([join(directory, 'mixed')], { onNote: (text) => notes.push(text) })).toEqual(['1: a']);
    expect(notes).toEqual(['passed over: 1 file of digests or Insight events, 1 file that is no log file']);
  });

  it('reads what a link leads to, and says of links to directories and to nothing that they are not followed', async () => {
    const real = await aFile('linked/real/a.json', json(record('a')));
    const links = join(directory, 'links');
    await mkdir(links);
    await symlink(real, join(links, 'to-a-file.json'));
    await symlink(join(directory, 'linked'), join(links, 'to-a-directory'));
    await symlink(links, join(links, 'to-itself'));
    await symlink('nowhere', join(links, 'to-nothing.json'));
    const notes: string[] = [];
    expect(await read([links], { onNote: (text) => notes.push(text) })).toEqual(['1: a']);
    expect(notes).toEqual(['passed over: 3 links that lead to no files (name the directories themselves)']);
    expect(await read([join(links, 'to-a-directory')])).toEqual(['1: a']);
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
