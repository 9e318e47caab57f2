import { describe, expect, it } from 'vitest';
import { parseMediaConnectArn } from '../../../shared/call/mediaconnect-arn.ts';
import { consoleLinks } from '../../../shared/notification/console-links.ts';
import { ACCOUNT, FLOW_ARN, REGION } from '../../builders.ts';

const EVENT_ID = '987abc65-1a2b-4c4d-9d6e-987abc654def';
const flow = parseMediaConnectArn(FLOW_ARN);
const parts = { region: REGION, eventId: EVENT_ID, account: ACCOUNT, flow };

const HOME = 'https://eu-west-1.console.aws.amazon.com/mediaconnect/home?region=eu-west-1';

describe('links', () => {
  it('lead to the flow and to the CloudTrail event in the event’s region', () => {
    expect(consoleLinks(parts)).toEqual({
      resource: `${HOME}#/flows/${FLOW_ARN}`,
      event: `https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/${EVENT_ID}`,
    });
  });

  it.each([
    ['cn-north-1', 'aws-cn', 'console.amazonaws.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'console.amazonaws-us-gov.com'],
    ['ap-southeast-2', 'aws', 'console.aws.amazon.com'],
  ])('in %s lead to the console of %s', (region, partition, host) => {
    const arn = `arn:${partition}:mediaconnect:${region}:${ACCOUNT}:flow:1-a:Show`;
    expect(consoleLinks({ ...parts, region, flow: parseMediaConnectArn(arn) }).resource).toBe(
      `https://${region}.${host}/mediaconnect/home?region=${region}#/flows/${arn}`,
    );
  });

  it.each([
    ['no region', undefined],
    ['a region that is text', 'eu-west-1|<!channel>'],
    ['a region that is a host', 'evil.example.org/'],
    ['a region with a line break', 'eu-west-1\n'],
    ['an iso partition', 'us-iso-east-1'],
    ['another iso partition', 'eu-isoe-west-1'],
    ['the European sovereign cloud', 'eusc-de-east-1'],
  ])('are not made for %s', (_, region) => {
    expect(consoleLinks({ ...parts, region })).toEqual({ resource: undefined, event: undefined });
  });

  it.each([
    ['no flow', undefined],
    ['a flow in another region', FLOW_ARN.replace('eu-west-1', 'us-east-1')],
    ['a flow in another account', FLOW_ARN.replace(ACCOUNT, '444455556666')],
    ['a flow in another partition', FLOW_ARN.replace('arn:aws:', 'arn:aws-cn:')],
    ['a flow whose name would have to be encoded', FLOW_ARN.replace('AwardsShow', 'Björk')],
    ['a flow whose ARN is damaged', FLOW_ARN.replace('eu-west-1', 'nowhere')],
    ['another kind of resource', FLOW_ARN.replace(':flow:', ':bridge:')],
  ])('lead to MediaConnect’s home for %s', (_, arn) => {
    expect(consoleLinks({ ...parts, flow: parseMediaConnectArn(arn) }).resource).toBe(HOME);
  });

  it('trust the flow where the event’s account is not known', () => {
    expect(consoleLinks({ ...parts, account: undefined }).resource).toBe(`${HOME}#/flows/${FLOW_ARN}`);
  });

  it.each([undefined, '', 'not-a-uuid', `${EVENT_ID}|<!here>`])('do not lead to event %j', (eventId) => {
    expect(consoleLinks({ ...parts, eventId }).event).toBeUndefined();
  });
});
