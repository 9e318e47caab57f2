import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** Which event was reported in which channel, the pace of each webhook, and the day's counts. Items leave by themselves at `expiresAt`. */
export class Ledger extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Without the stack it has no reader, and nothing in it is the only copy of an event.
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
