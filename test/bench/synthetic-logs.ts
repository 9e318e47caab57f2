import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonObject } from '../../shared/call/json.ts';

export interface SyntheticRecordsOptions {
  readonly account: string;
  /** One record in so many is a MediaConnect call. */
  readonly oneIn: number;
  readonly seed: number;
}

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FLOWS = ['AwardsShow', 'BaseballGame', 'NewsAtNine', 'Parliament', 'RegattaFinish', 'SundayService'];
const ROLES = ['Operators', 'terraform-broadcast', 'MonitoringPoller', 'Administrator'];
const PEOPLE = ['jane@example.org', 'sam@example.org', 'ci-run', 'poller'];

/** MediaConnect operations with how often they come: an account is mostly polled. */
const OPERATIONS = [
  { eventName: 'DescribeFlow', weight: 60, readOnly: true },
  { eventName: 'ListFlows', weight: 20, readOnly: true },
  { eventName: 'UpdateFlowOutput', weight: 8, readOnly: false },
  { eventName: 'StartFlow', weight: 5, readOnly: false },
  { eventName: 'StopFlow', weight: 5, readOnly: false },
  { eventName: 'GrantFlowEntitlements', weight: 2, readOnly: false },
];
const DECK = OPERATIONS.flatMap((operation) => Array.from({ length: operation.weight }, () => operation));

const OTHERS = [
  { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', readOnly: true },
  { eventSource: 'ec2.amazonaws.com', eventName: 'DescribeInstances', readOnly: true },
  { eventSource: 's3.amazonaws.com', eventName: 'GetBucketAcl', readOnly: true },
  { eventSource: 'kms.amazonaws.com', eventName: 'GenerateDataKey', readOnly: true },
  { eventSource: 'logs.amazonaws.com', eventName: 'CreateLogStream', readOnly: false },
];

/** Makes CloudTrail records of the size and shape of real ones: a few MediaConnect calls among other services' calls. */
function createSyntheticRecords({ account, oneIn, seed }: SyntheticRecordsOptions) {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const hex = (length: number): string => Array.from({ length }, () => pick([...'0123456789abcdef'])).join('');
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;

  const identity = (): JsonObject => {
    const [role, session] = [pick(ROLES), pick(PEOPLE)];
    const principalId = 'AROAEXAMPLEEXAMPLEEXA';
    const issuer = { type: 'Role', principalId, arn: `arn:aws:iam::${account}:role/${role}`, accountId: account };
    return {
      type: 'AssumedRole',
      principalId: `${principalId}:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      accountId: account,
      accessKeyId: 'ASIAEXAMPLEEXAMPLEEX',
      sessionContext: {
        sessionIssuer: { ...issuer, userName: role },
        attributes: { creationDate: '2026-01-01T00:00:00Z', mfaAuthenticated: 'false' },
      },
    };
  };

  const record = (region: string, timeMs: number, call: JsonObject): JsonObject => ({
    eventVersion: '1.11',
    userIdentity: identity(),
    eventTime: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    awsRegion: region,
    sourceIPAddress: '203.0.113.17',
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80.0',
    responseElements: null,
    requestID: uuid(),
    eventID: uuid(),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
    ...call,
  });

  const mediaConnectCall = (region: string): JsonObject => {
    const { eventName, readOnly } = pick(DECK);
    const flow = pick(FLOWS);
    const arn = `arn:aws:mediaconnect:${region}:${account}:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:${flow}`;
    const requestParameters = eventName === 'ListFlows' ? null : { flowArn: encodeURIComponent(arn) };
    const denied = random() < 0.02 ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {};
    return { eventSource: 'mediaconnect.amazonaws.com', eventName, readOnly, requestParameters, ...denied };
  };

  const otherCall = (): JsonObject => ({
    ...pick(OTHERS),
    requestParameters: { bucketName: `bucket-${hex(12)}`, encryptionContext: { 'aws:s3:arn': hex(40) }, limit: 100 },
    resources: [{ accountId: account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::bucket-${hex(12)}` }],
  });

  return (region: string, timeMs: number): JsonObject =>
    record(region, timeMs, random() * oneIn < 1 ? mediaConnectCall(region) : otherCall());
}

export interface GenerateLogsOptions {
  readonly directory: string;
  readonly files: number;
  readonly recordsPerFile: number;
  /** Start of the first file's time, milliseconds since the epoch. */
  readonly fromMs: number;
  /** Time from one file to the next. */
  readonly stepMs: number;
  /** One record in so many is a MediaConnect call. @default 20 */
  readonly oneIn?: number;
  /** The same seed makes the same files. @default 1 */
  readonly seed?: number;
}

const ACCOUNT = '111122223333';
const REGIONS = ['eu-west-1', 'us-east-1'];

/** `20261122T2000`: to the minute. */
const minuteText = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 13);

/** `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz` */
function logFilePath(region: string, writtenMs: number, index: number): string {
  const day = new Date(writtenMs).toISOString().slice(0, 10).replaceAll('-', '/');
  const unique = index.toString(36).padStart(16, '0');
  const name = `${ACCOUNT}_CloudTrail_${region}_${minuteText(writtenMs)}Z_${unique}.json.gz`;
  return join('AWSLogs', ACCOUNT, 'CloudTrail', region, day, name);
}

/**
 * Writes log files as CloudTrail lays them out in S3: MediaConnect calls among many other services' records.
 * For tests, the benchmark, and for trying rules where there is no trail yet.
 *
 * @returns the paths of the files
 */
export function generateLogs(options: GenerateLogsOptions): readonly string[] {
  const { directory, files, recordsPerFile, fromMs, stepMs, oneIn = 20, seed = 1 } = options;
  const nextRecord = createSyntheticRecords({ account: ACCOUNT, oneIn, seed });

  return Array.from({ length: files }, (_, index) => {
    const region = REGIONS[index % REGIONS.length] ?? '';
    const startMs = fromMs + index * stepMs;
    const Records = Array.from({ length: recordsPerFile }, (__, at) =>
      nextRecord(region, startMs + Math.floor((at * stepMs) / recordsPerFile)),
    );
    const path = join(directory, logFilePath(region, startMs + stepMs, index));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify({ Records })));
    return path;
  });
}

export interface LogFiles {
  readonly files: number;
  readonly records: number;
  /** Of all files together, as JSON text. */
  readonly unpackedBytes: number;
}

const RECORDS_PER_FILE = 1500;
const DISTINCT_FILES = 16;
const FROM_MS = Date.parse('2026-11-01T00:00:00Z');
const FIVE_MINUTES_MS = 300_000;

/** Writes log files into a directory: a few that differ, each many times, since making them takes longest. */
export function writeLogFiles(directory: string, copies: number): LogFiles {
  const originals = generateLogs({
    directory: join(directory, '0'),
    files: DISTINCT_FILES,
    recordsPerFile: RECORDS_PER_FILE,
    fromMs: FROM_MS,
    stepMs: FIVE_MINUTES_MS,
  });
  const unpackedBytes = originals.reduce((sum, file) => sum + gunzipSync(readFileSync(file)).length, 0);
  for (let copy = 1; copy < copies; copy += 1) {
    for (const [index, file] of originals.entries()) {
      copyFileSync(file, file.replace(/_[^_]+\.json\.gz$/, `_${copy}x${index}.json.gz`));
    }
  }
  const files = DISTINCT_FILES * copies;
  return { files, records: files * RECORDS_PER_FILE, unpackedBytes: unpackedBytes * copies };
}
