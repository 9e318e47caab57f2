import type { JsonObject } from '../../shared/call/json.ts';
import { anEvent } from '../builders.ts';
import { SPECIAL_CARDS } from '../gallery/cards.ts';
import { OPERATION_CARDS } from '../gallery/operation-cards.ts';
import { PRINCIPAL_CARDS } from '../gallery/principal-cards.ts';

/** Parameters of every kind that MediaConnect takes, with the members that keep keys and tokens. */
const WITH_KEYS: readonly JsonObject[] = [
  {
    eventName: 'CreateFlow',
    requestParameters: {
      name: 'CupFinal-Main',
      source: {
        name: 'venue',
        protocol: 'srt-caller',
        streamId: 'venue/main',
        decryption: {
          keyType: 'srt-password',
          roleArn: 'arn:aws:iam::111122223333:role/Keys',
          secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:srt-AbCdEf',
        },
      },
      vpcInterfaces: [{ name: 'vpc', roleArn: 'arn:aws:iam::111122223333:role/Vpc', subnetId: 'subnet-1' }],
      tags: { owner: 'studio', purpose: 'live' },
    },
    errorCode: 'BadRequestException',
    errorMessage: '1 validation error detected',
  },
  {
    eventName: 'AddFlowOutputs',
    requestParameters: {
      flowArn: 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:CupFinal-Main',
      outputs: [
        {
          name: 'cdn',
          protocol: 'zixi-push',
          destination: '203.0.113.9',
          port: 2088,
          streamId: 'cdn',
          description: 'to the CDN',
          encryption: { algorithm: 'aes256', keyType: 'speke', url: 'https://speke.example.org', deviceId: 'd-1' },
        },
      ],
    },
    responseElements: { error: 'the response speaks', message: 'no' },
  },
  {
    eventName: 'UpdateFlowSource',
    requestParameters: { omitted: true, originalSize: 149_893, reason: 'too large' },
    errorCode: 'BadRequestException',
    errorMessage: 'not valid',
  },
];

const cards: readonly JsonObject[] = [
  ...Object.values(OPERATION_CARDS),
  ...Object.values(PRINCIPAL_CARDS),
  ...Object.values(SPECIAL_CARDS).map(({ record }) => record),
  ...WITH_KEYS,
];

/** Events as they come: every operation, every kind of principal, and what is rare, each as EventBridge sends it. */
export const REAL_EVENTS: readonly JsonObject[] = cards.map((detail) => anEvent({ detail }));
