import { describe, expect, it } from 'vitest';
import { parseMediaConnectArn } from '../../../shared/call/mediaconnect-arn.ts';
import { FLOW_ARN } from '../../builders.ts';

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const ID = '1-WAINCAdYD1kAAwJU-b94d4a84cb42';
const USER_GUIDE =
  'arn%3Aaws%3Amediaconnect%3Aus-west-2%111122223333%3Aflow%3A1-23aBC45dEF67hiJ8-12AbC34DE5fG%3AAwardsShow';

const parsed = (value: unknown) => {
  const arn = parseMediaConnectArn(value);
  return arn && { kind: arn.kind, id: arn.id, name: arn.name, arn: arn.arn };
};

describe('kinds of ARN', () => {
  it.each([
    [`${PREFIX}:flow:${ID}:AwardsShow`, 'flow', ID, 'AwardsShow'],
    [`${PREFIX}:source:${ID}:studio-a`, 'source', ID, 'studio-a'],
    [`${PREFIX}:output:2-abc:cdn-b`, 'output', '2-abc', 'cdn-b'],
    [`${PREFIX}:entitlement:1-11:partner`, 'entitlement', '1-11', 'partner'],
    [`${PREFIX}:bridge:1-abc:Studio`, 'bridge', '1-abc', 'Studio'],
    [`${PREFIX}:gateway:1-abc:Lobby`, 'gateway', '1-abc', 'Lobby'],
    [`${PREFIX}:gateway:1-abc:Lobby:instance:i-0abc`, 'gatewayInstance', 'i-0abc', 'i-0abc'],
    [`${PREFIX}:reservation:1-abc:Season`, 'reservation', '1-abc', 'Season'],
    [`${PREFIX}:routerInput:abcdef123456`, 'routerInput', 'abcdef123456', null],
    [`${PREFIX}:routerOutput:abcdef123456`, 'routerOutput', 'abcdef123456', null],
    [`${PREFIX}:routerNetworkInterface:abcdef123456`, 'routerNetworkInterface', 'abcdef123456', null],
    ['arn:aws:mediaconnect:eu-west-1:offering:39c9', 'offering', '39c9', null],
    ['arn:aws:mediaconnect:eu-west-1::offering:39c9', 'offering', '39c9', null],
    [`${PREFIX}:offering:39c9`, 'offering', '39c9', null],
    [`${PREFIX}:flow:${ID}:AwardsShow/mediaStream/video`, 'mediaStream', undefined, 'video'],
    [`${PREFIX}:flow:${ID}:AwardsShow/vpcInterface/vpc-a`, 'vpcInterface', undefined, 'vpc-a'],
    ['arn:aws-cn:mediaconnect:cn-north-1:111122223333:flow:1-a:X', 'flow', '1-a', 'X'],
    ['arn:aws-us-gov:mediaconnect:us-gov-west-1:111122223333:flow:1-a:X', 'flow', '1-a', 'X'],
  ])('reads %s', (arn, kind, id, name) => {
    expect(parsed(arn)).toEqual({ kind, id, name, arn });
    expect(parsed(encodeURIComponent(arn))).toEqual({ kind, id, name, arn });
    expect(parsed(encodeURIComponent(encodeURIComponent(arn)))).toEqual({ kind, id, name, arn });
    expect(parsed(arn.replaceAll('/', '%2F'))).toEqual({ kind, id, name, arn });
  });

  it('knows the flow of a media stream', () => {
    const parent = parseMediaConnectArn(`${PREFIX}:flow:${ID}:AwardsShow/mediaStream/video`)?.parent;
    expect(parent).toMatchObject({ kind: 'flow', name: 'AwardsShow', arn: `${PREFIX}:flow:${ID}:AwardsShow` });
  });

  it('knows the gateway of an instance', () => {
    const parent = parseMediaConnectArn(`${PREFIX}:gateway:1-abc:Lobby:instance:i-0abc`)?.parent;
    expect(parent).toMatchObject({ kind: 'gateway', name: 'Lobby', arn: `${PREFIX}:gateway:1-abc:Lobby` });
  });

  it('gives partition, region and account for links', () => {
    expect(parseMediaConnectArn(FLOW_ARN)).toMatchObject({
      partition: 'aws',
      region: 'eu-west-1',
      account: '111122223333',
    });
  });
});

it('decodes escapes in lower case, and none where there are none', () => {
  expect(parsed(encodeURIComponent(FLOW_ARN).toLowerCase().replace('awardsshow', 'AwardsShow'))?.name).toBe(
    'AwardsShow',
  );
  expect(parsed(`${PREFIX}:flow:1-a:100%`)?.name).toBe('100%');
});

describe('ARNs that are not as they must be', () => {
  it.each([
    ['the user guide’s, which decodes to a control character', USER_GUIDE, 'flow', 'AwardsShow'],
    ['one encoded twice and damaged', encodeURIComponent(USER_GUIDE), 'flow', 'AwardsShow'],
    ['one cut inside an escape', `${encodeURIComponent(FLOW_ARN)}%`, 'flow', 'AwardsShow%'],
    ['one that is no UTF-8', `${encodeURIComponent(FLOW_ARN)}%E0%A4`, 'flow', 'AwardsShow%E0%A4'],
    ['one that is no UTF-8 behind an escape', `${FLOW_ARN}%5F2%E0%A4`, 'flow', 'AwardsShow_2%E0%A4'],
    ['a bad region', 'arn:aws:mediaconnect:nowhere:111122223333:flow:1-a:X', 'flow', 'X'],
    ['a bad account', 'arn:aws:mediaconnect:eu-west-1:1234:flow:1-a:X', 'flow', 'X'],
    ['another service’s parts', 'arn:aws:notmediaconnect:eu-west-1:111122223333:flow:1-a:X', 'flow', 'X'],
    ['a name that mentions', `${PREFIX}:flow:1-a:<!channel>`, 'flow', '<!channel>'],
    ['a name with spaces', `${PREFIX}:flow:1-a:my%20show`, 'flow', 'my show'],
    ['a name with colons', `${PREFIX}:flow:1-a:my:show`, 'flow', 'my:show'],
    ['a kind that is new', `${PREFIX}:wormhole:1-a:Sagan`, undefined, 'Sagan'],
    ['a kind that lost its colon', `${PREFIX}%flow%3A1-a:Sagan`, undefined, 'Sagan'],
    ['a name with a control character', `${PREFIX}:flow:1-a:a%0Ab`, 'flow', null],
    ['a part of a flow that is new', `${PREFIX}:flow:1-a:X/hologram/h`, 'flow', 'X/hologram/h'],
    ['a media stream without a name', `${PREFIX}:flow:1-a:X/mediaStream/`, 'mediaStream', null],
    ['a media stream of a damaged flow', `${PREFIX}:flow:<>:X/mediaStream/v`, 'mediaStream', 'v'],
    ['an instance without an id', `${PREFIX}:gateway:1-a:X:instance`, 'gatewayInstance', null],
    ['an instance with too many parts', `${PREFIX}:gateway:1-a:X:instance:i-0:x`, 'gatewayInstance', 'i-0'],
    ['a bad id', `${PREFIX}:flow:1 a:X`, 'flow', 'X'],
    ['a kind too far behind', `${PREFIX}:x:flow:1-a:X`, 'flow', 'X'],
    ['no name', `${PREFIX}:flow:1-a`, 'flow', null],
  ])('of %s still give what they can, but no ARN', (_, value, kind, name) => {
    expect(parseMediaConnectArn(value)).toMatchObject({ kind, name, arn: undefined });
  });

  it.each([
    ['another service’s ARN', 'arn:aws:s3:::bucket'],
    ['text', 'AwardsShow'],
    ['nothing', ''],
    ['a number', 42],
    ['an object', { arn: FLOW_ARN }],
    ['null', null],
    ['a huge text', `${FLOW_ARN}${'x'.repeat(10_000)}`],
    ['only a prefix', 'arn:aws:mediaconnect'],
    ['a prefix that ends in control characters', 'arn:aws:mediaconnect:eu-west-1:x:y%00'],
  ])('are not %s', (_, value) => {
    expect(parseMediaConnectArn(value)).toBeUndefined();
  });
});
