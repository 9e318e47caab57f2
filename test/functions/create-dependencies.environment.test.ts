import { describe, expect, it } from 'vitest';
import {
  DigestEnvironmentSchema,
  EnvironmentError,
  QueueReaderEnvironmentSchema,
  readEnvironment,
  SummaryEnvironmentSchema,
} from '../../functions/create-dependencies.ts';

const reader = {
  SLACK_SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack',
  LEDGER_TABLE_NAME: 'ledger',
  QUEUE_URL: 'https://sqs/immediate',
  DEAD_LETTER_QUEUE_URL: 'https://sqs/dead',
  DISPLAY_SETTINGS: '{"accountNames":{},"channels":{"ops":{"mention":{"on-air":"here"}}},"showParameters":[]}',
};

describe('readEnvironment', () => {
  it('reads what the stack gives, and JSON as what it means', () => {
    expect(readEnvironment(QueueReaderEnvironmentSchema, { ...reader, PATH: '/bin' })).toEqual({
      ...reader,
      DISPLAY_SETTINGS: { accountNames: {}, channels: { ops: { mention: { 'on-air': 'here' } } }, showParameters: [] },
    });
  });

  it('reads how many minutes there are between digests', () => {
    expect(readEnvironment(DigestEnvironmentSchema, { ...reader, DIGEST_MINUTES: '15' })).toMatchObject({
      DIGEST_MINUTES: 15,
      QUEUE_URL: reader.QUEUE_URL,
    });
  });

  it.each([undefined, '', '0', '-5', 'hourly', 'NaN', 'Infinity'])('does not take %j for minutes', (minutes) => {
    expect(() => readEnvironment(DigestEnvironmentSchema, { ...reader, DIGEST_MINUTES: minutes })).toThrow(
      new EnvironmentError('missing or malformed in the environment: DIGEST_MINUTES'),
    );
  });

  it('reads the channels of the summary, and the one queue that it looks at', () => {
    const { SLACK_SECRET_ID, LEDGER_TABLE_NAME } = reader;
    const common = { SLACK_SECRET_ID, LEDGER_TABLE_NAME, IMMEDIATE_QUEUE_URL: 'i' };
    expect(
      readEnvironment(SummaryEnvironmentSchema, { ...common, DIGEST_QUEUE_URL: 'd', CHANNELS: '["ops"]' }),
    ).toEqual({ ...common, CHANNELS: ['ops'] });
  });

  it.each([
    ['nothing', {}, 'DEAD_LETTER_QUEUE_URL, DISPLAY_SETTINGS, LEDGER_TABLE_NAME, QUEUE_URL, SLACK_SECRET_ID'],
    ['an empty text', { ...reader, QUEUE_URL: '' }, 'QUEUE_URL'],
    ['half a JSON', { ...reader, DISPLAY_SETTINGS: '{"zzsecretzz' }, 'DISPLAY_SETTINGS'],
    ['another JSON', { ...reader, DISPLAY_SETTINGS: '[]' }, 'DISPLAY_SETTINGS'],
  ])('names what is wrong with %s, without its value', (_, environment, names) => {
    expect(() => readEnvironment(QueueReaderEnvironmentSchema, environment)).toThrow(
      new EnvironmentError(`missing or malformed in the environment: ${names}`),
    );
  });
});
