import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { asObject } from '../../shared/call/json.ts';
import { principalWords } from '../../shared/notification/principal-words.ts';

const read = (name: string): Buffer => readFileSync(new URL(`../../examples/${name}`, import.meta.url));
const event = asObject(JSON.parse(read('event.json').toString()));
const trail = asObject(JSON.parse(gunzipSync(read('trail.json.gz')).toString()));
const records = [event?.detail, ...(Array.isArray(trail?.Records) ? trail.Records : [])].map(asObject);

it('has callers as AWS writes them, so that a rule means the same person in all examples', () => {
  const sets = records.filter((record) => JSON.stringify(record?.userIdentity).includes('AWSReservedSSO_'));
  expect(sets.length).toBeGreaterThan(30);
  for (const record of sets) {
    const identity = asObject(record?.userIdentity);
    const { arn } = asObject(asObject(identity?.sessionContext)?.sessionIssuer) ?? {};
    expect([identity?.arn, arn]).toEqual([
      expect.stringMatching(/^arn:aws:sts::\d{12}:assumed-role\/AWSReservedSSO_\w+\/[^/]+$/),
      expect.stringMatching(
        /^arn:aws:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\/eu-west-1\/AWSReservedSSO_\w+$/,
      ),
    ]);
    const words = principalWords({ userIdentity: identity }).map(({ text }) => text);
    expect(words).toEqual(expect.arrayContaining(['BroadcastOperator', 'jane.miller@example.org']));
  }
});
