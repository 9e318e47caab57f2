import * as z from 'zod';
import type { AwsRequest, AwsResponse } from '../aws/aws-service.ts';
import { numberOfEventId } from './marked-name.ts';

/** A process has marked a call as told on a channel. */
export interface ToldMark {
  readonly poster: string;
  readonly number: number;
  readonly channel: string;
}

const text = z.object({ S: z.string() });
const MarksSchema = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: z.object({ pk: text, toldAtMs: z.object({ N: z.string() }) }) }).optional(),
      }),
    ),
  ),
});

const TOLD_KEY = /^told#([^#]+)#(.+)$/;

/** The marks in a request that the table has answered: what the ledger knows, seen on the wire. */
export function toldMarksIn(
  { operation, accessKeyId, body }: AwsRequest,
  { status }: AwsResponse,
): readonly ToldMark[] {
  if (operation !== 'BatchWriteItem' || status !== 200 || accessKeyId === undefined) return [];
  const parsed = MarksSchema.safeParse(JSON.parse(body.toString('utf8')));
  if (!parsed.success) return [];
  return Object.values(parsed.data.RequestItems)
    .flat()
    .flatMap(({ PutRequest }) => {
      const [, eventId = '', channel = ''] = TOLD_KEY.exec(PutRequest?.Item.pk.S ?? '') ?? [];
      const number = numberOfEventId(eventId);
      return number === undefined ? [] : [{ poster: accessKeyId, number, channel }];
    });
}
