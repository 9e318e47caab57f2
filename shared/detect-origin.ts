import type { CloudTrailRecord } from './api-call-event.ts';
import { asText, exactText } from './json-member.ts';
import { memoize } from './memoize.ts';
import type { Origin, OriginKind } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A program that says its name in the user agent: `Terraform/1.1.2`. */
interface Program {
  readonly kind: OriginKind;
  readonly label: string;
}

const program = (kind: OriginKind, label: string): Program => ({ kind, label });
const TERRAFORM = program('terraform', 'Terraform');
const PULUMI = program('pulumi', 'Pulumi');
const CDK = program('cdk', 'CDK');
const SDK = program('sdk', 'AWS SDK');
const POWERSHELL = program('sdk', 'AWS Tools for PowerShell');

/** In the order in which they count: Terraform's agent names Go's SDK too, the CLI's names botocore. */
const PROGRAMS = new Map<string, Program>([
  ['pulumi', PULUMI],
  ['pulumiaws', PULUMI],
  ['pulumi-aws', PULUMI],
  ['opentofu', program('terraform', 'OpenTofu')],
  ['terraform', TERRAFORM],
  ['terraform-provider-aws', TERRAFORM],
  ['terraform-provider-awscc', TERRAFORM],
  ['hashicorp-terraform-exec', TERRAFORM],
  ['aws-cdk', CDK],
  ['cdk', CDK],
  ['cdk-cli', CDK],
  ['aws-internal', program('aws internal', 'AWS Internal')],
  ['aws-cli', program('cli', 'AWS CLI')],
  ['awspowershell', POWERSHELL],
  ['awspowershell.common', POWERSHELL],
  ['awspowershell.netcore', POWERSHELL],
  ['boto3', program('sdk', 'Boto3')],
  ['botocore', program('sdk', 'botocore')],
  ['aws-sdk-go-v2', program('sdk', 'AWS SDK for Go v2')],
  ['aws-sdk-go', program('sdk', 'AWS SDK for Go')],
  ['aws-sdk-js', program('sdk', 'AWS SDK for JavaScript')],
  ['aws-sdk-nodejs', program('sdk', 'AWS SDK for JavaScript')],
  ['aws-sdk-java', program('sdk', 'AWS SDK for Java')],
  ['aws-sdk-kotlin', program('sdk', 'AWS SDK for Kotlin')],
  ['aws-sdk-ruby2', program('sdk', 'AWS SDK for Ruby')],
  ['aws-sdk-ruby3', program('sdk', 'AWS SDK for Ruby')],
  ['aws-sdk-php', program('sdk', 'AWS SDK for PHP')],
  ['aws-sdk-rust', program('sdk', 'AWS SDK for Rust')],
  ['aws-sdk-cpp', program('sdk', 'AWS SDK for C++')],
  ['aws-sdk-swift', program('sdk', 'AWS SDK for Swift')],
  ['aws-sdk-net', program('sdk', 'AWS SDK for .NET')],
  ['aws-sdk-dotnet', program('sdk', 'AWS SDK for .NET')],
  ['boto', program('sdk', 'Boto')],
]);

const RANKS: ReadonlyMap<string, number> = new Map([...PROGRAMS.keys()].map((product, rank) => [product, rank]));

const CONSOLE: Origin = { kind: 'console', label: phrase('console') };

/** AWS's own hosts that people use. */
const CONSOLE_HOST = /^(?:signin\.(?:aws\.)?|(?:[\w-]+\.)?console\.(?:[\w-]+\.)?)amazon(?:aws)?\.com(?![\w.-])/;
/** Browsers, and what the console itself writes: `S3Console/0.4, aws-internal/3 …`. */
const CONSOLE_AGENT = /^(?:Mozilla\/|(?:AWS[ -]?|S3)Console\b)/;
const SERVICE_HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

const VERSION = /^[\w.+-]{1,40}/;
/** `md/command#mediaconnect.start-flow`, in older agents `command/mediaconnect.start-flow` */
const CLI_COMMAND = /(?:md\/command#|[ ]command\/)([\w.-]{1,80})/;

const servicedBy = (host: string): Origin => ({ kind: 'service', label: phrase('AWS service ', named(host)) });

/** The service that called, by its DNS name or as CloudTrail writes it. */
function originOfService(name: string): Origin | undefined {
  if (name.startsWith('AWS Internal')) return { kind: 'aws internal', label: phrase('AWS Internal') };
  if (CONSOLE_HOST.test(name)) return CONSOLE;
  if (name.startsWith('cloudformation.')) return { kind: 'cloudformation', label: phrase('CloudFormation') };
  return SERVICE_HOST.test(name) ? servicedBy(name) : undefined;
}

/** One word of a user agent: `Terraform/1.1.2` */
interface Product {
  readonly name: string;
  readonly version: string | undefined;
  readonly rank: number;
}

const UNRANKED_SDK = RANKS.size;

function rankOf(name: string): number | undefined {
  return RANKS.get(name) ?? (name.startsWith('aws-sdk-') ? UNRANKED_SDK : undefined);
}

/** Browsers and libraries write up to some thirty words; what comes later is not looked at. */
const MAX_WORDS = 60;

function productOf(word: string): Product | undefined {
  const slash = word.indexOf('/');
  const name = (slash < 0 ? word : word.slice(0, slash)).toLowerCase();
  const rank = rankOf(name);
  if (rank === undefined) return undefined;
  return { name, rank, version: slash < 0 ? undefined : VERSION.exec(word.slice(slash + 1))?.[0] };
}

/** The program that counts most of those that the agent names. */
function leadingProduct(agent: string): Product | undefined {
  let leading: Product | undefined;
  for (const word of agent.split(' ', MAX_WORDS)) {
    const product = productOf(word);
    if (product !== undefined && (leading === undefined || product.rank < leading.rank)) leading = product;
  }
  return leading;
}

const originOfProgram = memoize((agent: string): Origin | undefined => {
  const product = leadingProduct(agent);
  if (product === undefined) return undefined;
  const { kind, label } = PROGRAMS.get(product.name) ?? SDK;
  const command = kind === 'cli' ? CLI_COMMAND.exec(agent)?.[1]?.replace('.', ' ') : undefined;
  return {
    kind,
    label: phrase(
      label,
      product.version === undefined ? [] : phrase(' ', named(product.version)),
      command === undefined ? [] : phrase(' (', named(command), ')'),
    ),
  };
});

/** Some records have the agent in brackets: `[Mozilla/5.0 …]`. */
const unbracketed = (agent: string): string =>
  agent.startsWith('[') ? agent.slice(1, agent.endsWith(']') ? -1 : undefined).trim() : agent.trim();

function originOfAgent(agent: string): Origin {
  if (CONSOLE_AGENT.test(agent)) return CONSOLE;
  return originOfService(agent) ?? originOfProgram(agent) ?? { kind: 'other', label: [named(withoutSecrets(agent))] };
}

/** CloudTrail writes the string `"true"`, or nothing at all. */
const isFromConsole = (flag: unknown): boolean =>
  flag === true || (typeof flag === 'string' && flag.toLowerCase() === 'true');

/** By a console session that ran a program, e.g. the CLI in CloudShell. */
function originOfConsoleSession(agent: string): Origin {
  const program = originOfProgram(agent);
  return program === undefined || program.kind === 'aws internal'
    ? CONSOLE
    : { kind: 'console', label: phrase('console session, ', program.label) };
}

/**
 * By what means a call was made, from the surest evidence to the weakest: what CloudTrail itself marks, the service
 * that called, and last the user agent, which is any text its sender likes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function detectOrigin(record: CloudTrailRecord): Origin {
  const agent = unbracketed(asText(record.userAgent) ?? '');
  if (isFromConsole(record.sessionCredentialFromConsole)) return originOfConsoleSession(agent);
  const invokedBy = exactText(record.userIdentity, 'invokedBy');
  if (invokedBy !== undefined) return originOfService(invokedBy) ?? servicedBy(invokedBy);
  if (agent !== '') return originOfAgent(agent);
  return originOfService(asText(record.sourceIPAddress) ?? '') ?? { kind: 'unknown', label: phrase('unknown') };
}
