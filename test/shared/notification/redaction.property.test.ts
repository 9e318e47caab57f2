import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isNeverShown, messageWithoutSecrets } from '../../../shared/notification/redaction.ts';

const NAMES = [
  ...[
    'constantInitializationVector',
    'url',
    'deviceId',
    'resource-id',
    'accessKeyId',
    'credential_id',
    'Authorization',
  ],
  ...['cookie', 'token', 'secretArn', 'roleArn', 'stream-id', 'keys', 'psk', 'signature', 'webhook', 'keyMaterial'],
  ...['privateKeyPem', 'pass-word', 'pass_phrase', 'pass', 'pwd', 'pin', 'auth', 'bearer', 'sig', 'se_cret', 'PSK'],
];
const piece = fc.constantFrom('', 'my', 'db-', 'srt_', 'X', 'Hash', '-value', 's', '2', 'String');
const word = fc.tuple(piece, fc.constantFrom(...NAMES), piece).map((pieces) => pieces.join(''));

it('takes what a message quotes for a secret wherever it names a member whose value is never shown', () => {
  fc.assert(
    fc.property(word, (name) => {
      fc.pre(isNeverShown(name) && /^[A-Za-z]/.test(name));
      const said = messageWithoutSecrets(`It says "swordfish" of ${name} here`, {
        requestParameters: { flowName: 'AwardsShow' },
        responseElements: null,
        userIdentity: {},
      });
      expect([name, said.includes('swordfish')]).toEqual([name, false]);
    }),
    { numRuns: 3000 },
  );
});
