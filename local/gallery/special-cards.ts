import { FLOW } from './gallery-event.ts';

type Json = Readonly<Record<string, unknown>>;

const HOSTILE = '<!channel> *FREE* `x` :fire: <https://evil.example|Open> \u202Egnp';

/** What is not the usual success: a record, and how late it came. */
export const SPECIAL_CARDS: Readonly<Record<string, { readonly record: Json; readonly lateByMs?: number }>> = {
  denied: {
    record: {
      eventName: 'DeleteFlow',
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:sts::111122223333:assumed-role/Operators/jane@example.org is not authorized to perform: mediaconnect:DeleteFlow',
    },
  },
  failed: {
    record: {
      eventName: 'StartFlow',
      errorCode: 'ConflictException',
      errorMessage: 'The flow is not in a state in which it can be started.',
    },
  },
  'unknown-operation': {
    record: { eventName: 'StopWormhole', requestParameters: { wormholeName: 'w1', flowArn: encodeURIComponent(FLOW) } },
  },
  correction: {
    record: {
      eventName: 'StopFlow',
      addendum: {
        reason: 'UPDATED_DATA',
        updatedFields: 'userIdentity.arn,sourceIPAddress',
        originalEventID: '11111111-2222-4333-8444-555555555555',
      },
    },
  },
  late: { record: { eventName: 'StopFlow' }, lateByMs: 23 * 60_000 },
  omitted: {
    record: {
      eventName: 'AddFlowOutputs',
      requestParameters: { omitted: true, originalSize: 149_893, reason: 'requestParameters too large' },
    },
  },
  hostile: {
    record: {
      eventName: 'CreateFlow',
      errorCode: 'BadRequestException',
      errorMessage: `invalid name ${HOSTILE}`,
      userAgent: HOSTILE,
      requestParameters: { name: HOSTILE },
    },
  },
};
