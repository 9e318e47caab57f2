import { Stack } from 'aws-cdk-lib';
import { CfnArchive } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/call/api-call-event.ts';

export interface CallArchiveProps {
  readonly retentionDays: number;
}

/**
 * MediaConnect's calls as EventBridge got them, to be replayed to the rules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
export class CallArchive extends Construct {
  readonly archiveName: string;

  constructor(scope: Construct, id: string, { retentionDays }: CallArchiveProps) {
    super(scope, id);
    const archive = new CfnArchive(this, 'Resource', {
      description: 'MediaConnect API calls, for notifier replay',
      sourceArn: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
      eventPattern: {
        source: [EVENT_SOURCE],
        'detail-type': [DETAIL_TYPE],
        detail: { eventSource: [CLOUDTRAIL_EVENT_SOURCE] },
      },
      retentionDays,
    });
    this.archiveName = archive.ref;
  }
}
