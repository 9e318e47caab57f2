import { describe, expect, it } from 'vitest';
import {
  EnvironmentError,
  QueueReaderEnvironmentSchema,
  readEnvironment,
  SummaryEnvironmentSchema,
} from '../../functions/environment.ts';

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

  it('reads the channels of the summary', () => {
    const { SLACK_SECRET_ID, LEDGER_TABLE_NAME } = reader;
    const queues = { IMMEDIATE_QUEUE_URL: 'i', DIGEST_QUEUE_URL: 'd' };
    expect(
      readEnvironment(SummaryEnvironmentSchema, { SLACK_SECRET_ID, LEDGER_TABLE_NAME, ...queues, CHANNELS: '["ops"]' }),
    ).toEqual({ SLACK_SECRET_ID, LEDGER_TABLE_NAME, ...queues, CHANNELS: ['ops'] });
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
