import type { CloudTrailRecord } from '../call/api-call-event.ts';
import { asText, exactText, memoize } from '../call/json.ts';
import { named, type Origin, type OriginKind, phrase } from './notification.ts';
import { describeService } from './principal.ts';
import { filteredOnce } from './redaction.ts';

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

const CONSOLE: Origin = filteredOnce({ kind: 'console', label: phrase('console') });
const INTERNAL: Origin = filteredOnce({ kind: 'aws internal', label: phrase('AWS Internal') });

/** AWS's own hosts that people use; `*` stands for any text. */
export const CONSOLE_HOSTS: readonly string[] = [
  'signin.amazonaws.com',
  'console.amazonaws.com',
  'console.aws.amazon.com',
  'console.ec2.amazonaws.com',
  '*.console.aws.amazon.com',
];

/** Some records have the whole agent in brackets: `[Mozilla/5.0 …]`. */
const orBracketed = (starts: readonly string[]): readonly string[] =>
  starts.flatMap((start) => [`${start}*`, `[${start}*`]);

/**
 * User agents by which a call counts as made by these means, with `*` for any text. Event patterns of rules say the
 * same, so nothing else decides what is shown.
 */
export const AGENTS = {
  // Browsers, what the console itself writes, and the front ends of services: `S3Console/0.4, aws-internal/3 …`.
  console: [
    ...orBracketed(['Mozilla/', 'AWS Console', 'AWSConsole', 'S3Console']),
    '*, aws-internal/*',
    ...CONSOLE_HOSTS,
  ],
  cli: orBracketed(['aws-cli/']),
  terraform: ['*Terraform/*', '*OpenTofu/*'],
} as const satisfies Partial<Record<OriginKind, readonly string[]>>;

/** How the names of the services begin that are shown by another name. */
export const INTERNAL_SERVICE = 'AWS Internal';
export const CLOUDFORMATION_SERVICE = 'cloudformation.';
/** How the address ends of a service that calls. Nobody chooses their address. */
export const SERVICE_DOMAIN = '.amazonaws.com';

const matcherOf = (globs: readonly string[]): RegExp =>
  new RegExp(
    `^(?:${globs.map((glob) => glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*')).join('|')})$`,
  );

const CONSOLE_HOST = matcherOf(CONSOLE_HOSTS);
const CONSOLE_AGENT = matcherOf(AGENTS.console);
const CLI_AGENT = matcherOf(AGENTS.cli);
const TERRAFORM_AGENT = matcherOf(AGENTS.terraform);

const VERSION = /^[\w.+-]{1,40}/;

const servicedBy = memoize((host: string): Origin => filteredOnce({ kind: 'service', label: describeService(host) }));

/** The service that called, by its DNS name or as CloudTrail writes it. */
function originOfService(name: string): Origin | undefined {
  if (name.startsWith(INTERNAL_SERVICE)) return INTERNAL;
  if (CONSOLE_HOST.test(name)) return CONSOLE;
  if (name.startsWith(CLOUDFORMATION_SERVICE)) return { kind: 'cloudformation', label: phrase('CloudFormation') };
  return name.endsWith(SERVICE_DOMAIN) ? servicedBy(name) : undefined;
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

/** What a rule could not ask for is not shown as that: `terraform/` in another program's agent. */
const isSaid = (kind: OriginKind, agent: string): boolean =>
  (kind !== 'terraform' || TERRAFORM_AGENT.test(agent)) && (kind !== 'cli' || CLI_AGENT.test(agent));

const originOfProgram = memoize((agent: string): Origin | undefined => {
  const product = leadingProduct(agent);
  if (product === undefined) return undefined;
  const { kind, label } = PROGRAMS.get(product.name) ?? SDK;
  if (!isSaid(kind, agent)) return undefined;
  return {
    kind,
    label: phrase(label, product.version === undefined ? [] : phrase(' ', named(product.version))),
  };
});

const unbracketed = (agent: string): string =>
  agent.startsWith('[') ? agent.slice(1, agent.endsWith(']') ? -1 : undefined).trim() : agent.trim();

const originOfAgent = memoize((written: string): Origin => {
  if (CONSOLE_AGENT.test(written)) return CONSOLE;
  const agent = unbracketed(written);
  if (agent.startsWith(INTERNAL_SERVICE)) return INTERNAL;
  return filteredOnce(originOfProgram(agent) ?? { kind: 'other', label: [named(agent)] });
});

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
  const agent = asText(record.userAgent) ?? '';
  if (isFromConsole(record.sessionCredentialFromConsole)) return originOfConsoleSession(unbracketed(agent));
  const invokedBy = exactText(record.userIdentity, 'invokedBy');
  if (invokedBy !== undefined) return originOfService(invokedBy) ?? servicedBy(invokedBy);
  // A service's name as the user agent alone is a claim: its address shows it.
  const address = asText(record.sourceIPAddress) ?? '';
  if (address.endsWith(SERVICE_DOMAIN) && !CONSOLE_HOST.test(address)) {
    return originOfService(address) ?? servicedBy(address);
  }
  if (agent !== '') return originOfAgent(agent);
  return address.startsWith(INTERNAL_SERVICE) ? INTERNAL : { kind: 'unknown', label: phrase('unknown') };
}

/**
 * All means that a record has evidence of, among those that rules can ask for: the CLI in a console's session is both.
 * What `detectOrigin` shows is among them.
 */
export function originWords(record: CloudTrailRecord): ReadonlySet<OriginKind> {
  const agent = asText(record.userAgent) ?? '';
  const services = [exactText(record.userIdentity, 'invokedBy'), asText(record.sourceIPAddress)];
  const [invokedBy, address = ''] = services;
  const words = new Set<OriginKind>();
  const add = (kind: OriginKind, holds: boolean) => holds && words.add(kind);
  add('console', isFromConsole(record.sessionCredentialFromConsole) || CONSOLE_AGENT.test(agent));
  add('console', CONSOLE_HOST.test(invokedBy ?? ''));
  add('cli', CLI_AGENT.test(agent));
  add('terraform', TERRAFORM_AGENT.test(agent));
  add(
    'cloudformation',
    services.some((name = '') => name.startsWith(CLOUDFORMATION_SERVICE)),
  );
  add('service', invokedBy !== undefined && !CONSOLE_HOST.test(invokedBy) && !invokedBy.startsWith(INTERNAL_SERVICE));
  add('service', address.endsWith(SERVICE_DOMAIN));
  return words;
}
