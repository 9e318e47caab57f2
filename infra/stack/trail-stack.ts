import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * A trail of one region's management calls, for accounts that have none: without a logging trail EventBridge gets no
 * API call at all, and no read-only one without read management events.
 *
 * Each region has its own, so that no region falls silent because another left the list or changed its place in it, as
 * it would with one trail of all regions: that lies in the one where it was made. It is a stack apart from the
 * notifier's, and all in it stays when the stack is removed: the account's audit log outlives the notifier, and
 * others may read it too.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class TrailStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { description: 'CloudTrail trail for the MediaConnect notifier of this region', ...props });
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(bucket, {
      rule: 'AwsSolutions-S1',
      reason: 'The bucket holds the audit log itself; log file validation shows what was changed or removed',
    });
    const trail = new Trail(this, 'Trail', {
      // CDK's own types do not hold under exactOptionalPropertyTypes.
      bucket: bucket as IBucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      enableFileValidation: true,
      managementEvents: ReadWriteType.ALL,
    });
    trail.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // A trail that may not write any more would log nothing.
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
