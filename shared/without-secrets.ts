/** What never leaves the event, wherever it is said: access key ids, and the ARNs of secrets and roles. */
const SECRETS =
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b|\barn:[\w-]+:(?:secretsmanager:[^\s"',;)\]]*|iam::\d*:role\/[^\s"',;)\]]*)/g;

/** A text of the event without what never leaves it. */
export const withoutSecrets = (text: string): string => text.replace(SECRETS, '(not shown)');
