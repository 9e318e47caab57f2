import type { Phrase } from './notification.ts';
import { named, phrase } from './phrase.ts';

/** Services that call MediaConnect for somebody, as people call them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['medialive.amazonaws.com', 'MediaLive'],
  ['mediaconnect.amazonaws.com', 'MediaConnect'],
  ['mediapackage.amazonaws.com', 'MediaPackage'],
  ['cloudformation.amazonaws.com', 'CloudFormation'],
  ['config.amazonaws.com', 'Config'],
  ['lambda.amazonaws.com', 'Lambda'],
  ['ssm.amazonaws.com', 'Systems Manager'],
  ['states.amazonaws.com', 'Step Functions'],
  ['trustedadvisor.amazonaws.com', 'Trusted Advisor'],
]);

/** "AWS service MediaLive"; one that we do not know by its host. */
export const serviceInWords = (host: string): Phrase => phrase('AWS service ', NAMES.get(host) ?? named(host));
